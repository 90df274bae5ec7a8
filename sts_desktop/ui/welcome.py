"""What the window shows before there is a profile: three ways to the first token, the likeliest one in front."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from sts_desktop.core.i18n import _, ngettext
from sts_desktop.ui import colours
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.note import Note
from sts_desktop.ui.palette_widgets import HEADING_SCALE, PrimaryButton, QuietLabel, make_bold, plain_label, wrap

NAMES_SHOWN = 4


class Welcome(QWidget):
    """The first run.

    Signals:
        use_aws_keys: make a profile of each access key found in the AWS files.
        enter_key: type an access key.
        try_demo: start the demo.
    """

    use_aws_keys = Signal()
    enter_key = Signal()
    try_demo = Signal()

    def __init__(self, keys: KeyStore, *, offer_demo: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        heading = plain_label(_("Get your first session token"))
        make_bold(heading, scale=HEADING_SCALE)
        purpose = plain_label(
            _("STS Desktop turns a long-lived access key into short-lived credentials.\nWhere is your access key?")
        )
        self.found = PrimaryButton()
        self.found_names = QuietLabel()
        self.enter = PrimaryButton(_("&Enter an access key"))
        self.enter_place = QuietLabel()
        self.demo = QPushButton(_("&Try the demo"))
        demo_text = QuietLabel(_("no AWS account needed"))
        self.problem = Note(colours.AMBER, "state-failed", gap_below=14)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 24)
        layout.addStretch(2)
        for label in (heading, purpose):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            wrap(label)
            layout.addWidget(label)
            layout.addSpacing(6)
        layout.addSpacing(14)
        layout.addWidget(self.problem)
        for button, label in ((self.found, self.found_names), (self.enter, self.enter_place), (self.demo, demo_text)):
            button.setMinimumSize(self.fontMetrics().averageCharWidth() * 54, self.fontMetrics().height() * 2 + 8)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
            layout.addSpacing(12)
        layout.addStretch(3)
        for widget in (self.demo, demo_text):
            widget.setVisible(offer_demo)

        self.found.clicked.connect(self.use_aws_keys)
        self.enter.clicked.connect(self.enter_key)
        self.demo.clicked.connect(self.try_demo)
        keys.aws_profiles_changed.connect(self.refresh)
        keys.vault_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what was found."""
        names = [known.name for known in self._keys.usable_aws_profiles()]
        self.found.setVisible(bool(names))
        self.found_names.setVisible(bool(names))
        self.found.setText(
            ngettext("&Use the key found in {place}", "&Use the {count} keys found in {place}", len(names)).format(
                count=len(names), place=self._keys.aws_directory
            )
        )
        more = [_("and {count} more").format(count=len(names) - NAMES_SHOWN)] if len(names) > NAMES_SHOWN else []
        self.found_names.setText(", ".join(names[:NAMES_SHOWN] + more))
        status = self._keys.vault_status
        if status is None:
            self.enter_place.setText("")
        elif status.is_persistent:
            self.enter_place.setText(_("kept in {keyring}").format(keyring=status.name))
        else:
            self.enter_place.setText(_("kept in memory until STS Desktop ends"))
        self.enter.set_primary(primary=not names)
        problem = self._keys.aws_problem
        if problem is not None:
            self.problem.tell_error(problem)
        else:
            self.problem.hide()
