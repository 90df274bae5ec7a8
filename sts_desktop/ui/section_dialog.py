"""Choosing the section of the credentials file that a profile's session is written to."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from sts_desktop.core.aws_files.names import is_section_name
from sts_desktop.core.i18n import _
from sts_desktop.ui import colours
from sts_desktop.ui.dialog_buttons import DialogButtons
from sts_desktop.ui.note import Note
from sts_desktop.ui.palette_widgets import QuietLabel


class SectionDialog(QDialog):
    """Asks for a section's name.

    Signals:
        chosen(str): a name that may be written.
    """

    chosen = Signal(str)

    def __init__(self, section: str, sources: frozenset[str], path: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._sources = sources
        self.setWindowTitle(_("Write to a section"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.section = QLineEdit(section)
        self.section.selectAll()
        self.note = Note(colours.RED, "state-failed")
        explanation = QuietLabel(
            _("AWS tools read the section of {path} that is named by AWS_PROFILE or --profile.").format(path=path)
        )
        explanation.setWordWrap(True)
        self.buttons = DialogButtons(_("Write"))
        self.buttons.accepted.connect(self._take)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(_("&Section"), self.section)
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(explanation)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 64)

    @Slot()
    def _take(self) -> None:
        section = self.section.text().strip()
        if not is_section_name(section):
            self.note.tell(
                _("This name cannot be used"),
                _("A section has 1 to 128 letters, digits and any of _ . / @ % -, so that every AWS tool can read it."),
            )
        elif section in self._sources:
            self.note.tell(
                _("This section is in use"),
                _("An access key is read from [{section}]; it is never written over.").format(section=section),
            )
        else:
            self.accept()
            self.chosen.emit(section)
