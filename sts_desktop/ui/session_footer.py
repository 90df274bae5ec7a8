"""The quiet lines at the end of the panel: whose session it is, where it went, and what it can call."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from sts_desktop.core.i18n import _
from sts_desktop.core.session_reach import what_it_can_call
from sts_desktop.core.state import SessionRecord
from sts_desktop.ui.palette_widgets import QuietLabel, wrap

BETWEEN = "     "


class SessionFooter(QWidget):
    """User, account and end of the key id on one line; the ARN, to be copied, on the next; then sections and reach."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.identity = _selectable()
        self.arn = _selectable()
        self.written = _selectable()
        self.reach = _selectable()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.identity)
        layout.addWidget(self.arn)
        layout.addWidget(self.written)
        layout.addWidget(self.reach)

    def show_record(
        self,
        record: SessionRecord,
        shown_path: Callable[[str], str],
        key_in_file: Callable[[str, str], str | None] = lambda _section, _path: None,
        *,
        live: bool = True,
    ) -> None:
        """Show what is known of a session.

        Args:
            record: the session.
            shown_path: turns a path into what people write.
            key_in_file: tells the end of the key id in a section of a file, where that is known.
            live: whether AWS accepts it still, so that something can be called with it.
        """
        parts = []
        if record.identity is not None:
            account = _grouped(record.identity.account)
            parts.append(_("{user} in {account}").format(user=record.identity.user_name, account=account))
        if record.last_four:
            parts.append(_("key …{last_four}").format(last_four=record.last_four))
        self.identity.setText(BETWEEN.join(parts))
        self.arn.setText(record.identity.arn if record.identity else "")
        self.written.setText("\n".join(_places(record, shown_path, key_in_file)))
        self.reach.setText(what_it_can_call(record) if live else "")
        for label in (self.identity, self.arn, self.written, self.reach):
            label.setVisible(bool(label.text()))  # empty lines would take room, and bring a scroll bar


def _places(
    record: SessionRecord, shown_path: Callable[[str], str], key_in_file: Callable[[str, str], str | None]
) -> Iterator[str]:
    """Yield a line for each file in which the session stands; not where somebody else has put another key since."""
    written = [
        place
        for place in record.written
        if not place.problem and key_in_file(place.section, place.path) in (None, record.last_four)
    ]
    for path in dict.fromkeys(place.path for place in written):
        sections = ", ".join(f"[{place.section}]" for place in written if place.path == path)
        yield _("written to {sections} in {path}").format(sections=sections, path=shown_path(path))


def _grouped(account: str) -> str:
    """Return an account id as AWS's console shows it: 1234-5678-9012."""
    return "-".join(account[start : start + 4] for start in range(0, len(account), 4))


def _selectable() -> QuietLabel:
    label = QuietLabel()
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    wrap(label)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label
