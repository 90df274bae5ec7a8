"""Certificates and proxies, which the environment may choose."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import AccessKey, MfaCode
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint

CODE = MfaCode("arn:aws:iam::123456789012:mfa/alice", "739184")


def write_certificate(directory: Path, host: str) -> tuple[Path, Path]:
    """Write a certificate that vouches for itself, and its key; return both paths."""
    private_key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(utc_now() - timedelta(days=1))
        .not_valid_after(utc_now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private_key, hashes.SHA256())
    )
    certificate_path, key_path = directory / f"{host}.pem", directory / f"{host}.key"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate_path, key_path


@dataclass
class SecureServer:
    """The scripted server behind TLS."""

    url: str
    certificate: Path


@pytest.fixture
def secure_server(request: pytest.FixtureRequest, server: Any, tmp_path: Path) -> Iterator[SecureServer]:
    certificate, private_key = write_certificate(tmp_path, getattr(request, "param", "localhost"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private_key)

    class Listener(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Write nothing to standard error when a client leaves during the handshake."""

    listener = Listener(("127.0.0.1", 0), server.handler, bind_and_activate=True)
    listener.socket = context.wrap_socket(listener.socket, server_side=True)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield SecureServer(f"https://localhost:{listener.server_port}", certificate)
    listener.shutdown()
    thread.join()
    listener.server_close()


def failure(url: str, key: AccessKey) -> StsDesktopError:
    with pytest.raises(StsDesktopError) as caught:
        Sts().get_session_token(custom_endpoint(url, "eu-west-1"), key, 3600, CODE)
    return caught.value


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_certificates_that_the_environment_trusts(
    secure_server: SecureServer, key: AccessKey, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(secure_server.certificate))
    credentials = Sts().get_session_token(custom_endpoint(secure_server.url, "eu-west-1"), key, 3600)
    assert credentials.access_key_id == "ASIAIOSFODNN7EXAMPLE"


@pytest.mark.fault(16)
def test_a_certificate_that_nobody_trusts(server: Any, secure_server: SecureServer, key: AccessKey) -> None:
    error = failure(secure_server.url, key)
    assert type(error) is errors.CertificateError
    assert "AWS_CA_BUNDLE" in error.hint
    assert server.requests == []


@pytest.mark.fault(16)
@pytest.mark.parametrize("secure_server", ["other.example"], indirect=True)
def test_a_certificate_of_another_host(
    server: Any, secure_server: SecureServer, key: AccessKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(secure_server.certificate))
    assert type(failure(secure_server.url, key)) is errors.CertificateError
    assert server.requests == []


@pytest.mark.parametrize("content", [None, "no certificates\n"])
def test_a_file_of_certificates_that_cannot_be_used(
    secure_server: SecureServer, key: AccessKey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    assert type(failure(secure_server.url, key)) is errors.CaBundleError


def test_a_server_without_tls(server: Any, key: AccessKey) -> None:
    server.says("nobody sees this")
    error = failure(server.url.replace("http:", "https:"), key)
    assert type(error) is errors.SecureConnectionError


@pytest.mark.fault(15)
def test_a_proxy_is_used_and_its_password_is_never_shown(
    other_server: Any, key: AccessKey, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "sts_desktop")
    address = other_server.url.removeprefix("http://")
    monkeypatch.setenv("HTTPS_PROXY", f"http://h:pa55word@{address}")
    with pytest.raises(errors.ProxyError) as caught:
        Sts().get_session_token(endpoint("eu-west-1"), key, 3600, CODE)
    assert address in str(caught.value)
    assert "pa55word" not in repr(caught.value) + caplog.text
    # Python 3.12 says HTTP/1.1 to a proxy, 3.11 said HTTP/1.0.
    assert other_server.requests[0].line.startswith("CONNECT sts.eu-west-1.amazonaws.com:443 HTTP/1.")


@pytest.mark.fault(15)
@pytest.mark.parametrize("proxy", ["http://h:pa55word@127.0.0.1:port", "http://h:pä55word@127.0.0.1:1"])
def test_a_proxy_whose_address_makes_no_sense(proxy: str, key: AccessKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(errors.ProxyError) as caught:
        Sts().get_session_token(endpoint("eu-west-1"), key, 3600, CODE)
    assert "55word" not in repr(caught.value)


def test_no_proxy_sees_what_stays_on_this_computer(
    server: Any, other_server: Any, key: AccessKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", other_server.url)
    Sts().get_session_token(custom_endpoint(server.url, "eu-west-1"), key, 3600, CODE)
    assert len(server.requests) == 1
    assert other_server.requests == []
