"""The endpoints as a table that can be searched."""

from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.sts.endpoints import CUSTOM_ID, GLOBAL_ID, Endpoint, custom_endpoint, endpoints

Index = QModelIndex | QPersistentModelIndex
DISPLAY, TOOL_TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)


class EndpointModel(QAbstractTableModel):
    """The endpoints of one partition (or all) that match what is searched for; an address typed becomes a row.

    Attributes:
        problem: what is wrong with the address that was typed; None where nothing is, or none was.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._partition: str | None = None
        self._signing_region = ""
        self._needle = ""
        self._rows: list[Endpoint] = []
        self.problem: StsDesktopError | None = None

    def show(self, partition: str | None, signing_region: str, needle: str = "") -> None:
        """Offer the endpoints of `partition` that match `needle`.

        Args:
            partition: None for all.
            signing_region: the region assumed for an address that names none.
            needle: what is searched for, or an address.
        """
        self.beginResetModel()
        self._partition, self._signing_region, self._needle = partition, signing_region, needle.strip()
        self.problem = None
        if "://" in self._needle:
            self._rows = self._typed_address()
        else:
            # What the partition does not have is looked for in the others: the key may be a new one.
            self._rows = _matching(partition, self._needle) or _matching(None, self._needle)
        self.endResetModel()

    def search(self, needle: str) -> None:
        """Offer those that match `needle`."""
        self.show(self._partition, self._signing_region, needle)

    def endpoint(self, row: int) -> Endpoint | None:
        """Return the endpoint of a row, or None where there is no such row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, endpoint_id: str) -> int:
        """Return the row of an endpoint, or 0."""
        return next((row for row, known in enumerate(self._rows) if known.id == endpoint_id), 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """Return how many endpoints match."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Return a column's title."""
        if orientation != Qt.Orientation.Horizontal or role != DISPLAY:
            return None
        return (
            _("Place"),
            _("Region"),
            _("Host"),
            pgettext("column: is STS there on in a new account", "On by default"),
            pgettext("column: may an account switch STS off there", "Can be switched off"),
        )[section]

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        """Return a cell's text, or the row's explanation as its tool tip."""
        endpoint = self._rows[index.row()]
        if role == TOOL_TIP:
            return endpoint.works_where()
        if role != DISPLAY:
            return None
        custom = endpoint.id == CUSTOM_ID
        return (
            _("Own address") if custom else endpoint.place,
            endpoint.signing_region if custom else ("" if endpoint.id == GLOBAL_ID else endpoint.id),
            endpoint.host,
            "" if custom else _yes_no(endpoint.enabled_by_default),
            "" if custom else _yes_no(endpoint.can_be_deactivated),
        )[index.column()]

    def _typed_address(self) -> list[Endpoint]:
        try:
            typed = custom_endpoint(self._needle, self._region_in_address() or self._signing_region)
        except StsDesktopError as error:
            self.problem = error
            return []
        return [known for known in endpoints() if known.url == typed.url] or [typed]

    def _region_in_address(self) -> str | None:
        """Return the region that a VPC endpoint's host names: `vpce-….sts.eu-west-1.vpce.amazonaws.com`."""
        try:
            labels = (urlsplit(self._needle).hostname or "").split(".")
        except ValueError:
            return None
        return next((known.id for known in endpoints() if known.id in labels), None)


def _matching(partition: str | None, needle: str) -> list[Endpoint]:
    return [known for known in endpoints(partition) if known.matches(needle)]


def _yes_no(value: bool) -> str:
    return pgettext("answer in a table", "yes") if value else pgettext("answer in a table", "no")
