"""The field for the code of an MFA device."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from sts_desktop.core.i18n import _


def code_field() -> QLineEdit:
    """Return a field that is as wide as its placeholder, and hides nothing of what is typed: it is valid once."""
    field = QLineEdit()
    field.setPlaceholderText(_("6-digit code"))
    field.setAccessibleName(_("Code of the MFA device"))
    field.setMaxLength(64)  # a code pasted with text around it is refused in words, not cut to a wrong one
    field.setInputMethodHints(
        Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData
    )
    field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    field.setFixedWidth(field.fontMetrics().horizontalAdvance(_("6-digit code") + "0000"))
    return field
