"""One window a person: who starts the program again gets the running one in front.

A lock decides who is first; a private local socket tells the first one to show itself, and nothing else travels on it.
Who cannot be reached on the socket is not running, whatever the lock's file says: after a crash its process number may
belong to another program (nextcloud/desktop#9796, onionshare#2102), and `QLockFile` would refuse for ever.
"""

import contextlib
import logging
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, Signal, Slot

from sts_desktop.core.paths import make_private_directory

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

PATIENCE_MS = 3_000
"""How long a first one may take from its lock to its socket, which it opens once its window is painted."""

PAUSE_MS = 50
ANSWER_MS = 1_000
LONGEST_MESSAGE = 512
SHOW = b"show"
_TOKEN = re.compile(rb"[!-~]{1,256}")
"""An activation token (xdg-activation-v1) or startup id: printable, without blanks."""


class SingleInstance(QObject):
    """Knows whether this process is the first of its person, and hears of those that come after it.

    Signals:
        show_requested(str): the program was started again; the text is that process's activation token, or empty.
    """

    show_requested = Signal(str)

    def __init__(self, directory: Path, parent: QObject | None = None) -> None:
        """Meet those of the same `directory`, which is the person's own: the demo and other people have others."""
        super().__init__(parent)
        self._directory = directory
        self._lock_path = directory / "window.lock"
        self._name = socket_name(directory)
        self._lock = QLockFile(str(self._lock_path))
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def claim(self, activation_token: str = "", *, show: bool = True) -> bool:
        """Return whether this process is the first; otherwise the first one was told to show itself.

        Args:
            activation_token: what the desktop gave this process for bringing a window to the front.
            show: whether a window is wanted; otherwise the first one is left as it is.

        Raises:
            OSError: the directory for the lock could not be made.
        """
        make_private_directory(self._directory)
        deadline = QDeadlineTimer(PATIENCE_MS)
        while True:
            has_lock = self._lock.tryLock(0)
            # Also with the lock: who was slow once, and was taken over, may have removed another one's at its end.
            if self._tell_first(activation_token, show=show):
                if has_lock:
                    self._lock.unlock()
                return False
            if has_lock:
                return True
            if self._lock.error() is not QLockFile.LockError.LockFailedError:
                log.warning("the lock of the window cannot be used: %s", self._lock.error().name)
                return True
            if deadline.hasExpired():
                log.warning("the lock of the window is held by nobody who answers; it is taken over")
                self._lock_path.unlink(missing_ok=True)
                deadline = QDeadlineTimer(PATIENCE_MS)
            QThread.msleep(PAUSE_MS)

    @Slot()
    def listen(self) -> None:
        """Hear of those that come after, if this process is the first still; may be repeated."""
        if self._server is not None or self._was_taken_over():
            return
        from PySide6.QtNetwork import QLocalServer  # the window is not painted from it

        # Only the holder of the lock may do this: it takes the name from a server that is alive too (QTBUG-48635).
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        if not self._server.listen(self._name):
            log.warning("the window cannot be found by a second start: %s", self._server.errorString())

    def close(self) -> None:
        """Let another process be the first, if this one is."""
        if self._server is not None and self._was_taken_over():
            _close_beside_another(self._server)
        elif self._server is not None:
            self._server.close()
        if self._holds_lock():
            self._lock.unlock()

    def _was_taken_over(self) -> bool:
        """Return whether another process is the first by now; where there can be no lock, nobody is."""
        return self._lock.isLocked() and not self._holds_lock()

    def _holds_lock(self) -> bool:
        """Return whether the lock is this process's still: a slow start is taken over."""
        number, _host, _application = self._lock.getLockInfo()  # 0 where there is none
        return self._lock.isLocked() and number == os.getpid()

    def _tell_first(self, activation_token: str, *, show: bool) -> bool:
        """Tell the first one to show itself, if it is to; return whether it is there and has heard."""
        if os.path.isabs(self._name) and not os.path.exists(self._name):
            return False  # the usual case; Qt's network is not loaded for it
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(ANSWER_MS):
            return False
        if not show:
            return True
        socket.write(b" ".join(filter(None, (SHOW, activation_token.encode("ascii", "ignore")))) + b"\n")
        return socket.waitForBytesWritten(ANSWER_MS) and socket.waitForReadyRead(ANSWER_MS)

    @Slot()
    def _answer(self) -> None:
        if self._server is None:
            return
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._take(socket)

    @Slot()
    def _read(self) -> None:
        self._take(self.sender())  # type: ignore[arg-type]  # only sockets are connected to this

    def _take(self, socket: "QLocalSocket") -> None:
        if socket.bytesAvailable() > LONGEST_MESSAGE:
            socket.abort()
            return
        if not socket.canReadLine():
            return
        verb, _blank, token = bytes(socket.readLine().data()).rstrip(b"\n").partition(b" ")
        if verb != SHOW or (token and not _TOKEN.fullmatch(token)):
            socket.abort()
            return
        socket.write(b"ok\n")
        socket.flush()
        self.show_requested.emit(token.decode("ascii"))


def _close_beside_another(server: "QLocalServer") -> None:
    """Close a server whose name is another one's by now: `QLocalServer.close` removes the file of that name."""
    name = server.fullServerName()
    kept = f"{name}.{os.getpid()}"
    with contextlib.suppress(OSError):
        os.unlink(kept)
    try:
        os.link(name, kept)
    except OSError:  # on Windows there is no such file
        server.close()
        return
    server.close()
    with contextlib.suppress(OSError):
        os.rename(kept, name)


def socket_name(directory: Path) -> str:
    """Return the name of the socket of those who meet in `directory`.

    Unix: a path in it, which the kernel limits to 107 bytes (unix(7)); where that is too little, one in the temporary
    directory, which its own access rights protect. Windows: the name of a pipe.
    """
    path = directory / "window.socket"
    if sys.platform != "win32" and len(str(path).encode()) <= 100:
        return str(path)
    from hashlib import sha256

    return f"sts-desktop-{sha256(str(directory).encode()).hexdigest()[:24]}"
