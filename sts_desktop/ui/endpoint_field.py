"""The choice of an STS endpoint: a field that shows the one chosen; its list is an `EndpointPopup`."""

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QWidget

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import EndpointChoice
from sts_desktop.core.settings import Settings
from sts_desktop.core.sts.endpoint import CUSTOM_ID, GLOBAL_ID, Endpoint
from sts_desktop.ui.combo_box import ComboBox
from sts_desktop.ui.endpoint_model import Offer
from sts_desktop.ui.endpoint_popup import EndpointPopup


def endpoint_text(endpoint: Endpoint) -> str:
    """Return an endpoint on one line: place, region and host."""
    if endpoint.id == CUSTOM_ID:
        return _("{url}   signed for {region}").format(url=endpoint.url, region=endpoint.signing_region)
    if endpoint.id == GLOBAL_ID:
        return f"{endpoint.place}   {endpoint.host}"
    return f"{endpoint.place}   {endpoint.id}   {endpoint.host}"


class EndpointField(ComboBox):
    """Looks like a combo box; its list is an `EndpointPopup`.

    Signals:
        picked(object): the `EndpointChoice` that the person made.
        favourite_changed(object, bool): an `EndpointChoice`, and whether it is to be a favourite.
        check_requested: the person wants to know which endpoints answer.
    """

    picked = Signal(object)
    favourite_changed = Signal(object, bool)
    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offer = Offer()
        self._popup: EndpointPopup | None = None
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.addItem("")

    def show_choice(
        self,
        choice: EndpointChoice,
        partition: str | None,
        settings: Settings,
        switched_off: Mapping[str, datetime],
    ) -> None:
        """Show what is chosen, and offer others.

        Args:
            choice: what is chosen.
            partition: whose endpoints are offered; None for all.
            settings: has the favourites and the recent ones.
            switched_off: see `Offer`.
        """
        try:
            current = choice.resolve()
        except StsDesktopError:
            current = None
        favourites = settings.favourite_endpoints
        self._offer = Offer(partition, current, favourites, settings.recent_endpoints, switched_off)
        text = endpoint_text(current) if current else (choice.url or choice.id)
        self.setItemText(0, text)
        self.setToolTip(current.explanation() if current else "")
        if self._popup is not None and self._popup.isVisible():
            self._popup.model.set_favourites(favourites)

    def showPopup(self) -> None:
        """Open the searchable list."""
        if self._popup is None:
            self._popup = EndpointPopup(self)
            self._popup.chosen.connect(self._picked)
            self._popup.favourite_changed.connect(self._favourite_changed)
            self._popup.check_requested.connect(self.check_requested)
        self._popup.open_below(self, self._offer)

    def hidePopup(self) -> None:
        """Close the searchable list."""
        if self._popup is not None:
            self._popup.hide()
        super().hidePopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list by typing, too: what is typed is searched for."""
        typed = event.text().strip()
        if typed and typed.isprintable() and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.showPopup()
            if self._popup is not None:
                self._popup.search.setText(typed)
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Space, Qt.Key.Key_F4):
            self.showPopup()
            return
        super().keyPressEvent(event)

    def popup(self) -> EndpointPopup | None:
        """Return the searchable list, once it was opened."""
        return self._popup

    @Slot(object)
    def _picked(self, endpoint: Endpoint) -> None:
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.picked.emit(EndpointChoice.of(endpoint))

    @Slot(object, bool)
    def _favourite_changed(self, endpoint: Endpoint, is_favourite: bool) -> None:
        self.favourite_changed.emit(EndpointChoice.of(endpoint), is_favourite)
