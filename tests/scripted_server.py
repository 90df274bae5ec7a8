"""Servers on this machine that answer in place of STS, as fixtures for all tests; `conftest` loads them as a plugin."""

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sts_desktop.core.clock import utc_now

CREDENTIALS_XML = """<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetSessionTokenResult><Credentials>
    <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
    <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
    <SessionToken>AQoDYXdzEPT+example/token==</SessionToken>
    <Expiration>2026-11-25T12:34:56Z</Expiration>
  </Credentials></GetSessionTokenResult>
  <ResponseMetadata><RequestId>58c5dbae-abef-11e0-8cfe-09039844ac7d</RequestId></ResponseMetadata>
</GetSessionTokenResponse>"""


@dataclass(frozen=True)
class Answer:
    """What the scripted server says to one request; nothing when `silent` (it waits) or `hang_up` (it closes)."""

    body: str
    status: int
    content_type: str
    headers: dict[str, str]
    silent: bool
    hang_up: bool


@dataclass(frozen=True)
class Seen:
    """One request that arrived."""

    line: str
    headers: dict[str, str]
    body: str


@dataclass
class ScriptedServer:
    """Says what it was told to, in turn, the last for ever; valid credentials when it was told nothing."""

    url: str = ""
    requests: list[Seen] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    script: list[Answer] = field(default_factory=list)

    def says(
        self,
        body: str = CREDENTIALS_XML,
        status: int = 200,
        *,
        content_type: str = "text/xml",
        headers: dict[str, str] | None = None,
        silent: bool = False,
        hang_up: bool = False,
    ) -> None:
        """Add an answer to the script."""
        self.script.append(Answer(body, status, content_type, headers or {}, silent, hang_up))

    def refuses(self, code: str, message: str = "", status: int = 400, headers: dict[str, str] | None = None) -> None:
        """Add an error in the form of the Query protocol to the script."""
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        self.says(f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>", status, headers=headers)

    @property
    def handler(self) -> type[BaseHTTPRequestHandler]:
        """The handler that a listener needs to speak for this server."""
        return type("Handler", (_Handler,), {"scripted": self})

    def next_answer(self) -> Answer:
        """Return what to say now."""
        if not self.script:
            self.says()
        return self.script[0] if len(self.script) == 1 else self.script.pop(0)


class _Handler(BaseHTTPRequestHandler):
    scripted: ScriptedServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self._note()
        answer = self.scripted.next_answer()
        self.close_connection = True
        if answer.silent:
            self.scripted.stopped.wait()
        if answer.silent or answer.hang_up:
            return
        given = {"Date": format_datetime(utc_now(), usegmt=True), "Content-Type": answer.content_type}
        given |= answer.headers
        self.send_response_only(answer.status)
        for name, value in given.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body.encode())))
        self.end_headers()
        self.wfile.write(answer.body.encode())

    def do_CONNECT(self) -> None:
        self._note()
        self.close_connection = True
        self.send_response_only(407)
        self.end_headers()

    def _note(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.scripted.requests.append(Seen(self.requestline, headers, body))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the signature it replaces)
        """Write nothing to standard error."""


def _serve(server: ScriptedServer) -> Iterator[ScriptedServer]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), server.handler)
    server.url = f"http://127.0.0.1:{listener.server_port}"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.stopped.set()
    listener.shutdown()
    thread.join()
    listener.server_close()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server that says what a test tells it to say; a valid answer unless told."""
    yield from _serve(ScriptedServer())


@pytest.fixture
def other_server() -> Iterator[ScriptedServer]:
    """One more: a proxy, or where requests must not go."""
    yield from _serve(ScriptedServer())


@pytest.fixture
def refused_url() -> Iterator[str]:
    """The address of a port that is taken and refuses connections."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


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
    """The scripted server behind TLS; its host is `localhost`."""

    url: str
    certificate: Path


@pytest.fixture
def secure_server(request: pytest.FixtureRequest, server: ScriptedServer, tmp_path: Path) -> Iterator[SecureServer]:
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
