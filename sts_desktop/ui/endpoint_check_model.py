"""What each endpoint answered, as a table that fills in and can be sorted."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from sts_desktop.core.errors import sentence
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoint_check import EndpointCheck, Outcome
from sts_desktop.ui.endpoint_store import EndpointStore

Index = QModelIndex | QPersistentModelIndex
DISPLAY, TOOL_TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
ALIGNMENT, SORTED_BY = int(Qt.ItemDataRole.TextAlignmentRole), int(Qt.ItemDataRole.UserRole)

PLACE, HOST, TIME, RESULT, KNOWN_BY = range(5)

LAST = 999.0
"""Seconds: what has no time stands behind what has one."""


class EndpointCheckModel(QAbstractTableModel):
    """The endpoints of an `EndpointStore`, each with its answer; what to sort by stands under the role `SORTED_BY`."""

    def __init__(self, store: EndpointStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._endpoints: tuple[Endpoint, ...] = ()
        store.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what is known now."""
        if self._endpoints != self._store.endpoints:
            self.beginResetModel()
            self._endpoints = self._store.endpoints
            self.endResetModel()
        elif self._endpoints:
            # All columns: rows change their places with what they are sorted by, and a view paints what changed only.
            self.dataChanged.emit(self.index(0, PLACE), self.index(len(self._endpoints) - 1, KNOWN_BY))

    def endpoint(self, row: int) -> Endpoint:
        """Return the endpoint of a row."""
        return self._endpoints[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        """Return how many endpoints there are."""
        return 0 if parent.isValid() else len(self._endpoints)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Return a column's title."""
        if orientation != Qt.Orientation.Horizontal or role != DISPLAY:
            return None
        return (
            _("Place"),
            _("Host"),
            pgettext("column: how long an endpoint took to answer", "Time"),
            pgettext("column: what came of asking an endpoint", "Result"),
            pgettext("column: what that rests on", "Known by"),
        )[section]

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        """Return a cell's text, what to sort it by, or what is wrong with the row's endpoint."""
        endpoint = self._endpoints[index.row()]
        check = self._store.checks.get(endpoint.id)
        if role == DISPLAY:
            return self._text(endpoint, check, index.column())
        if role == SORTED_BY:
            return self._sorted_by(endpoint, check, index.column())
        if role == TOOL_TIP and check is not None and check.problem is not None:
            return sentence(check.problem)
        if role == ALIGNMENT and index.column() == TIME:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _text(self, endpoint: Endpoint, check: EndpointCheck | None, column: int) -> str:
        match column:
            case _place if _place == PLACE:
                return endpoint.place
            case _host if _host == HOST:
                return endpoint.host
            case _result if _result == RESULT and self._store.is_asked(endpoint.id):
                return _("asking…")
        if check is None or self._store.is_asked(endpoint.id):
            return ""
        if column == TIME:
            return _("{count} ms").format(count=round(check.seconds * 1000)) if check.seconds is not None else ""
        return check.words() if column == RESULT else check.basis_words()

    def _sorted_by(self, endpoint: Endpoint, check: EndpointCheck | None, column: int) -> Any:
        """Return what sorts those that answer first, the fastest in front, by time as by result."""
        if column not in (TIME, RESULT):
            return self._text(endpoint, check, column)
        rank, seconds = check.rank if check is not None else (len(Outcome), LAST)
        return rank + min(seconds, LAST) / 1000 if column == RESULT else min(seconds, LAST)
