"""An STS of our own on the loopback interface, for people without an AWS account and for tests.

It checks what AWS checks (signature, keys, limits, MFA codes) and refuses in AWS's words, where other fakes accept
anything and always issue the same credentials. At the same address it lists buckets as S3 does, for a session to be
tried with, and MFA devices as IAM does.
"""

import threading
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from sts_desktop.core.clock import Now, utc_now
from sts_desktop.demo import iam, operations, s3
from sts_desktop.demo.control import Control
from sts_desktop.demo.directory import Directory
from sts_desktop.demo.faulty_answers import answer_in_place_of_aws, spoil
from sts_desktop.demo.http_server import HOST, LoopbackServer
from sts_desktop.demo.responses import Answer
from sts_desktop.demo.signature import ReceivedRequest, is_scoped_to


class EmbeddedSts:
    """The server; listens from its creation, answers from `start` to `stop`, once.

    Attributes:
        directory: the users it knows and the sessions it has issued.
        control: its switches.
        url: where it listens, such as `http://127.0.0.1:40123`.
    """

    def __init__(self, directory: Directory, *, now: Now = utc_now, port: int = 0) -> None:
        """Take a port.

        Args:
            directory: the users it knows.
            now: its clock, which a fault can shift. MFA codes go by the directory's own: a person's phone and AWS
                agree on the time, whatever this server's clock is made to show.
            port: the TCP port; 0 for any that is free.

        Raises:
            OSError: the port is taken.
        """
        self.directory = directory
        self.control = Control()
        self._now = now
        self._server = LoopbackServer(port, self.control, self._respond, self._clock)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(
            # A short poll, because `stop` waits for one.
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="embedded-sts",
            daemon=True,
        )

    def start(self) -> Self:
        """Answer requests from here on, on threads of its own; return this server."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; requests that a fault holds back are dropped. Further calls do nothing."""
        self.control.stop()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self if self._thread.is_alive() else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _clock(self) -> datetime:
        return self._now() + timedelta(seconds=self.control.faults.clock_offset_seconds)

    def _respond(self, request: ReceivedRequest) -> Answer:
        # AWS has a host for each service. Here the scope of the signature says whom a request is meant for.
        others = {s3.SERVICE: s3.respond, iam.SERVICE: iam.respond}
        respond = next((others[name] for name in others if is_scoped_to(name, request)), operations.respond)
        faults = self.control.faults
        instead = answer_in_place_of_aws(faults.answer)
        return instead or spoil(faults.answer, respond(request, self.directory, faults, self._clock()))
