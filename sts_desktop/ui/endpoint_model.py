"""The endpoints as a table that can be searched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.profile import EndpointChoice
from sts_desktop.core.sts.endpoint import CUSTOM_ID, GLOBAL_ID, Endpoint
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint, endpoints

Index = QModelIndex | QPersistentModelIndex
DISPLAY, TOOL_TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
ALIGNMENT, SPOKEN = int(Qt.ItemDataRole.TextAlignmentRole), int(Qt.ItemDataRole.AccessibleTextRole)

STAR = 0
"""The column that shows the favourites."""

COLUMNS = 7


@dataclass(frozen=True)
class Offer:
    """What there is to choose from.

    Attributes:
        partition: that of the access key; None for all.
        current: the endpoint that is chosen; None where that is none any more.
        favourites: stand first.
        recent: those chosen last, which follow.
        switched_off: the ids of the endpoints at which STS is switched off for the account, and since when that is
            known.
    """

    partition: str | None = None
    current: Endpoint | None = None
    favourites: tuple[EndpointChoice, ...] = ()
    recent: tuple[EndpointChoice, ...] = ()
    switched_off: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def signing_region(self) -> str:
        """The region that an address is first offered with which names none itself."""
        return self.current.signing_region if self.current is not None else "us-east-1"


class EndpointModel(QAbstractTableModel):
    """The endpoints of an offer that match what is searched for; an address typed becomes a row, or several.

    Attributes:
        problem: what is wrong with the address that was typed; None where nothing is, or none was.
        asks_for_region: whether the rows are one address, with the regions that it may be signed for.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._offer = Offer()
        self._needle = ""
        self._rows: list[Endpoint] = []
        self.problem: StsDesktopError | None = None
        self.asks_for_region = False

    def show(self, offer: Offer, needle: str = "") -> None:
        """Offer the endpoints of `offer` that match `needle`: words, or an address and words for its region."""
        self.beginResetModel()
        self._offer, self._needle = offer, needle.strip()
        self.problem, self.asks_for_region = None, False
        if "://" in self._needle:
            self._rows = self._typed_address()
        else:
            # What the partition does not have is looked for in the others: the key may be a new one.
            self._rows = self._matching(offer.partition) or self._matching(None)
        self.endResetModel()

    @property
    def partition(self) -> str | None:
        """That of the access key; None where it is not known."""
        return self._offer.partition

    def search(self, needle: str) -> None:
        """Offer those that match `needle`."""
        self.show(self._offer, needle)

    def set_favourites(self, favourites: tuple[EndpointChoice, ...]) -> None:
        """Show these as favourites; they stand first when the list is next opened, not under the pointer."""
        self._offer = replace(self._offer, favourites=favourites)
        self.dataChanged.emit(self.index(0, STAR), self.index(max(0, len(self._rows) - 1), STAR))

    def is_favourite(self, endpoint: Endpoint) -> bool:
        """Return whether an endpoint is one of the favourites."""
        return EndpointChoice.of(endpoint) in self._offer.favourites

    def endpoint(self, row: int) -> Endpoint | None:
        """Return the endpoint of a row, or None where there is no such row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, endpoint: Endpoint | None) -> int:
        """Return the row of an endpoint, or 0."""
        return self._rows.index(endpoint) if endpoint in self._rows else 0

    def switched_off_at(self, endpoint: Endpoint) -> datetime | None:
        """Return when it was learned that STS is switched off there for the account; None where it is not known to."""
        return self._offer.switched_off.get(endpoint.id)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """Return how many endpoints match."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Return a column's title."""
        if orientation != Qt.Orientation.Horizontal or role != DISPLAY:
            return None
        return (
            "",
            _("Place"),
            _("Region"),
            _("Host"),
            pgettext("column: is STS there on in a new account", "In a new account"),
            pgettext("column: may an account switch STS off there", "Switch"),
            pgettext("column: in which regions the tokens of STS there work", "Tokens work in"),
        )[section]

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        """Return a cell's text, or the row's explanation as its tool tip."""
        endpoint = self._rows[index.row()]
        if index.column() == STAR:
            return self._star(endpoint, role)
        if role == TOOL_TIP:
            return endpoint.explanation()
        if role != DISPLAY:
            return None
        return (
            "",
            place_of(endpoint),
            "" if endpoint.id == GLOBAL_ID else endpoint.signing_region,
            endpoint.host,
            endpoint.default_words(),
            _("switched off for this account") if self.switched_off_at(endpoint) else endpoint.switch_words(),
            endpoint.tokens_words(),
        )[index.column()]

    def _star(self, endpoint: Endpoint, role: int) -> Any:
        is_favourite = self.is_favourite(endpoint)
        match role:
            case _role if _role == DISPLAY:
                return "★" if is_favourite else "☆"
            case _role if _role == TOOL_TIP:
                return _("Not a favourite any more (Ctrl+D)") if is_favourite else _("Make it a favourite (Ctrl+D)")
            case _role if _role == SPOKEN:
                return _("favourite") if is_favourite else _("no favourite")
            case _role if _role == ALIGNMENT:
                return Qt.AlignmentFlag.AlignCenter
        return None

    def _matching(self, partition: str | None) -> list[Endpoint]:
        """Return the favourites, then the recent ones, then all others by place: those that match.

        The current one is among them, wherever it is: a list that opens with another chosen would change it by Enter.
        """
        of_partition = endpoints(partition)
        current = self._offer.current
        if current is not None and partition not in (None, current.partition):
            of_partition = (current, *of_partition)
        first = [known for known in _resolved((*self._offer.favourites, *self._offer.recent)) if known is not None]
        first = [known for known in dict.fromkeys(first) if partition in (None, known.partition)]
        rest = [known for known in of_partition if known not in first]
        return [known for known in (*first, *rest) if known.matches(self._needle)]

    def _typed_address(self) -> list[Endpoint]:
        """Return the endpoint at the address that was typed; for each region where it names none, the likely first."""
        address, _blank, words = self._needle.partition(" ")
        named = _region_in(address)
        try:
            typed = custom_endpoint(address, named or self._offer.signing_region)
        except StsDesktopError as error:
            self.problem = error
            return []
        known = [known for known in endpoints() if known.url == typed.url]
        if known or named:
            return known or [typed]
        self.asks_for_region = True
        partition = None if words.strip() else self._offer.partition
        regions = [known for known in endpoints(partition) if known.is_regional and known.matches(words)]
        regions.sort(key=lambda known: known.id != typed.signing_region)
        return [custom_endpoint(address, region.id) for region in regions]


def place_of(shown: Endpoint) -> str:
    """Return the place of an endpoint; for an address of one's own that of the region it is signed for."""
    if shown.id != CUSTOM_ID:
        return shown.place
    return _("Own address, {place}").format(place=endpoint(shown.signing_region).place)


def _resolved(choices: Iterable[EndpointChoice]) -> Iterable[Endpoint | None]:
    for choice in choices:
        try:
            yield choice.resolve()
        except StsDesktopError:  # of an older or a newer table
            yield None


def _region_in(address: str) -> str | None:
    """Return the region that a VPC endpoint's host names: `vpce-….sts.eu-west-1.vpce.amazonaws.com`."""
    try:
        labels = (urlsplit(address).hostname or "").split(".")
    except ValueError:
        return None
    return next((known.id for known in endpoints() if known.id in labels), None)
