"""Certificates and proxies, which the environment may choose."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sts_desktop.core.credentials import AccessKey, MfaCode
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.sts import errors
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint

if TYPE_CHECKING:
    from tests.scripted_server import SecureServer

CODE = MfaCode("arn:aws:iam::123456789012:mfa/alice", "739184")


def failure(url: str, key: AccessKey) -> StsDesktopError:
    with pytest.raises(StsDesktopError) as caught:
        Sts().get_session_token(custom_endpoint(url, "eu-west-1"), key, 3600, CODE)
    return caught.value


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_certificates_that_the_environment_trusts(
    secure_server: "SecureServer", key: AccessKey, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(secure_server.certificate))
    credentials = Sts().get_session_token(custom_endpoint(secure_server.url, "eu-west-1"), key, 3600)
    assert credentials.access_key_id == "ASIAIOSFODNN7EXAMPLE"


@pytest.mark.fault(16)
def test_a_certificate_that_nobody_trusts(server: Any, secure_server: "SecureServer", key: AccessKey) -> None:
    error = failure(secure_server.url, key)
    assert type(error) is errors.CertificateError
    assert "AWS_CA_BUNDLE" in error.hint
    assert server.requests == []


@pytest.mark.fault(16)
@pytest.mark.parametrize("secure_server", ["other.example"], indirect=True)
def test_a_certificate_of_another_host(
    server: Any, secure_server: "SecureServer", key: AccessKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(secure_server.certificate))
    assert type(failure(secure_server.url, key)) is errors.CertificateError
    assert server.requests == []


@pytest.mark.parametrize("content", [None, "no certificates\n"])
def test_a_file_of_certificates_that_cannot_be_used(
    secure_server: "SecureServer", key: AccessKey, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
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
