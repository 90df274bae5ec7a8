"""The HTTP side of the embedded STS: reads requests, writes answers, and takes control calls.

Loopback only. Each connection serves one request, so that none is left waiting for another when the server stops.
"""

import hmac
import logging
import re
import select
import socket
import socketserver
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sts_desktop.core.clock import Now
from sts_desktop.demo.control import Control, read_faults, write_faults
from sts_desktop.demo.responses import Answer
from sts_desktop.demo.signature import ReceivedRequest

HOST = "127.0.0.1"
LOOPBACK_NAMES = (HOST, "localhost")
CONTROL_PATH = "/control"
CONTROL_TOKEN_HEADER = "x-control-token"  # noqa: S105  (a header's name)

log = logging.getLogger(__name__)


class LoopbackServer(ThreadingHTTPServer):
    """Listens on the loopback interface, one thread for each connection.

    Attributes:
        control: the switches; control calls set them, and requests are held back by them.
        respond: answers a request of AWS.
        clock: what the Date header of each answer shows.
    """

    daemon_threads = True
    # With the five of the standard library, the sixth of several calls at once waits a second for TCP to try again.
    request_queue_size = 128

    def __init__(self, port: int, control: Control, respond: Callable[[ReceivedRequest], Answer], clock: Now) -> None:
        super().__init__((HOST, port), _RequestHandler)
        self.control = control
        self.respond = respond
        self.clock = clock

    def server_bind(self) -> None:
        """Bind without looking up the machine's name, which can take seconds where there is no network."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002  (the signature it replaces)
        """Log what went wrong with a request instead of writing it to standard error."""
        error = sys.exception()
        if isinstance(error, ConnectionError):
            log.debug("a client left in the middle of its request")
        else:
            log.error("a request failed", exc_info=error)


class _RequestHandler(BaseHTTPRequestHandler):
    """Serves the one request of a connection."""

    server: LoopbackServer
    protocol_version = "HTTP/1.1"
    timeout = 60  # for a client that connects and sends nothing

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name of the method it replaces)
        """Log nothing: a request line can hold a token code."""

    def _serve(self) -> None:
        self.close_connection = True
        request = self._receive()
        if request is None:
            self._send(_plain(400, "not a request for this server"))
        elif request.target.partition("?")[0] == CONTROL_PATH:
            # Never held back: it is how a silent server is made to speak again.
            self._send(_control_answer(request, self.server.control))
        elif self.server.control.hold_back() and not self._has_client_left():
            self._send(self.server.respond(request))

    def _receive(self) -> ReceivedRequest | None:
        """Return the request with its body; None when it has no path or is larger than any that STS takes."""
        length = self.headers.get("Content-Length", "0")
        if not self.path.startswith("/") or not re.fullmatch("[0-9]{1,5}", length):
            return None
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        return ReceivedRequest(self.command, self.path, headers, self.rfile.read(int(length)))

    def _has_client_left(self) -> bool:
        """Whether the client gave up while held back: to serve it now would spend its token code unseen."""
        try:
            readable, _, _ = select.select([self.connection], [], [], 0)
            return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        except ConnectionError:
            return True

    def _send(self, answer: Answer) -> None:
        try:
            self.send_response_only(answer.status)
            self.send_header("Date", self.date_time_string(self.server.clock().timestamp()))
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Connection", "close")
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
        except ConnectionError:
            log.debug("the client left before its answer")


def _control_answer(request: ReceivedRequest, control: Control) -> Answer:
    """Set the faults that a control call asks for.

    A web page cannot make one: it does not know the token, and a name that leads to the loopback interface by DNS
    rebinding is no loopback name.
    """
    token = request.header(CONTROL_TOKEN_HEADER) or ""
    is_known = hmac.compare_digest(token.encode(), control.token.encode())
    if not is_known or not _is_loopback(request.header("host") or ""):
        return _plain(403, "not allowed")
    if request.method != "PUT":
        return _plain(405, "only PUT")
    try:
        faults = read_faults(request.body)
    except ValueError as error:
        return _plain(400, str(error))
    control.set(faults)
    return Answer(200, write_faults(faults), "application/json")


def _is_loopback(host: str) -> bool:
    """Whether a Host header, with or without a port, names this machine's loopback interface."""
    return re.sub(":[0-9]+$", "", host) in LOOPBACK_NAMES


def _plain(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), "text/plain; charset=utf-8")
