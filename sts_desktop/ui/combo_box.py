"""A combo box for forms that scroll."""

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class ComboBox(QComboBox):
    """Leaves the mouse wheel to what it stands in: scrolling a form must not change the values in it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Do nothing, so that the scroll area gets the event."""
        event.ignore()
