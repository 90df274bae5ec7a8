"""The strip above the demo's window: the code that the demo's MFA device shows, and switches for faults."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sts_desktop.core.i18n import _, ngettext
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.ui.palette_widgets import plain_label

SLOW_SECONDS = 5
CLOCK_MINUTES = 20
TICK_MS = 500


class DemoStrip(QFrame):
    """Shows what a person would read off a phone, and lets things go wrong."""

    def __init__(
        self,
        server: EmbeddedSts,
        type_code: Callable[[str], None],
        chosen_serial: Callable[[], str] = lambda: "",
        parent: QWidget | None = None,
    ) -> None:
        """Make the strip.

        Args:
            server: stands in for AWS.
            type_code: puts a code where a person types it.
            chosen_serial: returns the serial number of the MFA device that is chosen, whose code is shown.
            parent: the widget it belongs to.
        """
        super().__init__(parent)
        self._server = server
        self._type_code = type_code
        self._chosen_serial = chosen_serial
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.backgroundRole().AlternateBase)

        title = plain_label(_("Demo"), bold=True)
        explanation = plain_label(_("Everything works as with AWS; nothing leaves this computer."))
        self.code = plain_label()
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.type_it = QPushButton(_("&Type it"))
        self.type_it.clicked.connect(self._type)
        self.slow = QCheckBox(_("slow"))
        self.silent = QCheckBox(_("silent"))
        self.wrong_clock = QCheckBox(_("wrong clock"))
        self.throttled = QCheckBox(_("throttled"))

        explanation.setWordWrap(True)
        upper = QHBoxLayout()
        upper.addWidget(title)
        upper.addWidget(self.code)
        upper.addWidget(self.type_it)
        upper.addStretch(1)
        lower = QHBoxLayout()
        lower.addWidget(explanation, 1)
        lower.addWidget(plain_label(_("Let AWS be:")))
        for switch in (self.slow, self.silent, self.wrong_clock, self.throttled):
            switch.toggled.connect(self._set_faults)
            lower.addWidget(switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(4)
        layout.addLayout(upper)
        layout.addLayout(lower)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._tick()

    def _serial(self) -> str:
        """Return the device that is chosen; the first there is, where none of the demo's is."""
        chosen = self._chosen_serial()
        if self._server.directory.device(chosen) is not None:
            return chosen
        return next(user.mfa.serial for user in self._server.directory.users if user.mfa)

    @Slot()
    def _tick(self) -> None:
        serial = self._serial()
        code = self._server.directory.current_code(serial)
        seconds = self._server.directory.seconds_left()
        name = serial.rpartition("/")[2]
        text = _("Code of {device}: {code}").format(device=name, code=f"{code[:3]} {code[3:]}")
        if self._server.directory.is_current_code_used(serial):
            text += "   " + ngettext(
                "(used; the next one in {seconds} second)", "(used; the next one in {seconds} seconds)", seconds
            ).format(seconds=seconds)
        else:
            text += "   " + ngettext("({seconds} second left)", "({seconds} seconds left)", seconds).format(
                seconds=seconds
            )
        self.code.setText(text)

    @Slot()
    def _type(self) -> None:
        self._type_code(self._server.directory.current_code(self._serial()))

    @Slot()
    def _set_faults(self) -> None:
        self._server.control.set(
            Faults(
                delay_seconds=SLOW_SECONDS if self.slow.isChecked() else 0,
                silent=self.silent.isChecked(),
                throttled=self.throttled.isChecked(),
                clock_offset_seconds=CLOCK_MINUTES * 60 if self.wrong_clock.isChecked() else 0,
            )
        )
