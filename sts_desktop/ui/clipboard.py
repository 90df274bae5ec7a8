"""Secrets on the clipboard: marked as such, and taken off again after a while unless something else was copied since.

What cannot be done: reach a program that has stored the text already, or, on Wayland, clear without the focus.
"""

import sys
from datetime import datetime, timedelta

from PySide6.QtCore import QElapsedTimer, QMimeData, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

from sts_desktop.core.clock import Now, utc_now

CLEAR_AFTER = timedelta(seconds=30)
SECOND_MS = 1000
SETTLE_MS = 300

_WINDOWS = 'application/x-qt-windows-mime;value="{}"'


def mark_as_secret(data: QMimeData) -> None:
    """Ask clipboard histories, in their own ways, not to keep `data`.

    Linux: KDE's hint, honoured by Klipper and most others (KDE phabricator D12539). Windows: "Clipboard Formats",
    section "Cloud Clipboard and Clipboard History Formats". macOS has no way through PySide6 (PYSIDE-2414).
    """
    if sys.platform == "win32":
        data.setData(_WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"), b"\x01\0\0\0")
        data.setData(_WINDOWS.format("CanIncludeInClipboardHistory"), b"\0\0\0\0")
        data.setData(_WINDOWS.format("CanUploadToCloudClipboard"), b"\0\0\0\0")
    elif sys.platform != "darwin":
        data.setData("x-kde-passwordManagerHint", b"secret")


class SecretClipboard(QObject):
    """Puts a secret on the clipboard and clears it 30 s later; a second copy starts the time anew.

    Keeps a digest, not the secret, to tell whether the clipboard still holds it.

    Signals:
        changed: a secret came onto the clipboard or left it, or a second has passed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, now: Now = utc_now) -> None:
        super().__init__(parent)
        self._now = now
        self._digest = b""
        self._owner = ""
        self._clear_at: datetime | None = None
        self._since_copy = QElapsedTimer()  # a wall clock that is set back must not keep the secret there
        self._timer = QTimer(self)
        self._timer.setInterval(SECOND_MS)
        self._timer.timeout.connect(self._tick)

    def copy_secret(self, text: str, owner: str = "") -> None:
        """Put `text` on the clipboard; `owner` is whose it is, for `clear_of`."""
        data = QMimeData()
        data.setText(text)
        mark_as_secret(data)
        QGuiApplication.clipboard().setMimeData(data)
        self._digest = _digest(text)
        self._owner = owner
        self._clear_at = self._now() + CLEAR_AFTER
        self._since_copy.start()
        self._timer.start()
        self.changed.emit()

    def copy_plain(self, text: str) -> None:
        """Put what is no secret on the clipboard, to stay there; with it goes a secret of ours that was there."""
        QGuiApplication.clipboard().setText(text)
        if self._clear_at is not None:
            self._forget()
            self.changed.emit()

    def seconds_left(self) -> int:
        """Return after how many seconds the secret will be cleared; 0 when none of ours is there."""
        if self._clear_at is None:
            return 0
        left = min(self._clear_at - self._now(), CLEAR_AFTER - timedelta(milliseconds=self._since_copy.elapsed()))
        return max(0, round(left / timedelta(seconds=1)))

    def clear(self) -> None:
        """Take the secret off the clipboard, if it is still there."""
        if self._clear_at is None:
            return
        clipboard = QGuiApplication.clipboard()
        ours = _digest(clipboard.text()) == self._digest
        if clipboard.supportsSelection() and _digest(clipboard.text(QClipboard.Mode.Selection)) == self._digest:
            clipboard.clear(QClipboard.Mode.Selection)
        self._forget()
        if ours:
            # Clipboard managers put back what `clear` removes, but accept an empty text; xfce4-clipman then makes a
            # later exit wait 5 s for it unless the clipboard is given up too.
            clipboard.setText("")
            QTimer.singleShot(SETTLE_MS, clipboard, _give_up_empty)
        self.changed.emit()

    @Slot(str)
    def clear_of(self, owner: str) -> None:
        """The same as `clear`, if what was copied last is of `owner`."""
        if owner == self._owner:
            self.clear()

    def clear_before_exit(self) -> None:
        """The same as `clear` when there is no time left for a second step."""
        self.clear()
        _give_up_empty()

    def _forget(self) -> None:
        self._digest, self._clear_at = b"", None
        self._timer.stop()

    def _tick(self) -> None:
        if self.seconds_left() == 0:
            self.clear()
        elif _digest(QGuiApplication.clipboard().text()) != self._digest:
            self._forget()
            self.changed.emit()
        else:
            self.changed.emit()


def _give_up_empty() -> None:
    clipboard = QGuiApplication.clipboard()
    if _is_empty_text(clipboard.mimeData()):
        clipboard.clear()


def _is_empty_text(data: QMimeData | None) -> bool:
    """Whether this is what is left of a secret: a picture, which is not ours, has no text at all."""
    return data is not None and data.hasText() and data.text() == ""


def _digest(text: str) -> bytes:
    import hashlib  # not needed to paint the window

    return hashlib.sha256(text.encode()).digest()
