"""The searchable list of endpoints, which opens below their field."""

from PySide6.QtCore import (
    QDateTime,
    QEvent,
    QKeyCombination,
    QLocale,
    QModelIndex,
    QObject,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from sts_desktop.core.i18n import _, sentences
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.ui.endpoint_model import STAR, EndpointModel, Offer
from sts_desktop.ui.palette_widgets import QuietLabel

FAVOURITE = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_D)
"""As in a browser."""

MARGIN = 8


class EndpointPopup(QFrame):
    """A search field above the list of endpoints.

    Signals:
        chosen(object): an `Endpoint`.
        favourite_changed(object, bool): an `Endpoint`, and whether it is to be a favourite.
        check_requested: the person wants to know which of them answer.
    """

    chosen = Signal(object)
    favourite_changed = Signal(object, bool)
    check_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameStyle(QFrame.Shape.StyledPanel)
        self.model = EndpointModel(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search in any column, or type an https:// address"))
        self.search.setAccessibleName(_("Search endpoints"))
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._search)
        self.view = QTreeView()
        self.view.setModel(self.model)
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setAllColumnsShowFocus(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setAccessibleName(_("Endpoints"))
        self.view.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.view.header().setStretchLastSection(True)
        self.view.clicked.connect(self._click)
        self.view.activated.connect(self._choose)
        self.view.selectionModel().currentChanged.connect(self._explain)
        self.explanation = QuietLabel()
        self.explanation.setWordWrap(True)
        self.check = QPushButton(_("Check endpoints…"))
        self.check.setAutoDefault(False)
        self.check.clicked.connect(self._check)

        below = QHBoxLayout()
        below.addWidget(self.explanation, 1)
        below.addWidget(self.check, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addWidget(self.search)
        layout.addWidget(self.view)
        layout.addLayout(below)

    def open_below(self, field: QWidget, offer: Offer) -> None:
        """Open under `field` with the endpoints of `offer`, the current one selected."""
        self.search.clear()
        self.model.show(offer)
        for column in range(self.model.columnCount()):
            self.view.resizeColumnToContents(column)  # once, with all rows: the columns stay while one searches
        self._select(self.model.row_of(offer.current))
        screen = field.screen().availableGeometry()
        size = QSize(max(field.width(), self._wish_width()), self.fontMetrics().height() * 22)
        size = size.boundedTo(screen.size())
        corner = field.mapToGlobal(field.rect().bottomLeft())
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - size.width())))
        corner.setY(max(screen.top(), min(corner.y(), screen.bottom() - size.height())))
        self.setGeometry(corner.x(), corner.y(), size.width(), size.height())
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys and Enter work from the search field."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                QGuiApplication.sendEvent(self.view, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.view.currentIndex())
                return True
            if event.keyCombination() == FAVOURITE:
                self._toggle_favourite(self.view.currentIndex())
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _search(self, needle: str) -> None:
        self.model.search(needle)
        self._select(0)
        if self.model.problem is not None:
            self.explanation.setText(self.model.problem.explanation)
        elif not self.model.rowCount():
            self.explanation.setText(
                _("AWS has no region like that.")
                if self.model.asks_for_region
                else _(
                    "Nothing matches. An address of your own begins with https://, or http:// on this computer, and "
                    "ends with its host or port."
                )
            )

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        if index.column() == STAR:
            self._toggle_favourite(index)
        else:
            self._choose(index)

    def _toggle_favourite(self, index: QModelIndex) -> None:
        endpoint = self.model.endpoint(index.row())
        if endpoint is not None:
            self.favourite_changed.emit(endpoint, not self.model.is_favourite(endpoint))

    @Slot()
    def _check(self) -> None:
        self.hide()
        self.check_requested.emit()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        endpoint = self.model.endpoint(index.row())
        if endpoint is not None:
            self.hide()
            self.chosen.emit(endpoint)

    @Slot(QModelIndex)
    def _explain(self, index: QModelIndex) -> None:
        endpoint = self.model.endpoint(index.row())
        if endpoint is None:
            self.explanation.clear()
        elif self.model.asks_for_region:
            self.explanation.setText(_("Choose the region that requests to this address are signed for."))
        else:
            told = (endpoint.explanation(), self._what_was_learned(endpoint), self._partition_warning(endpoint))
            self.explanation.setText(sentences(*told))

    def _partition_warning(self, endpoint: Endpoint) -> str:
        partition = self.model.partition
        if partition is None or endpoint.partition == partition:
            return ""
        text = _("The access key belongs to the partition {partition}, and is not accepted there.")
        return text.format(partition=partition)

    def _what_was_learned(self, endpoint: Endpoint) -> str:
        at = self.model.switched_off_at(endpoint)
        if at is None:
            return ""
        text = _("AWS said on {date} that STS is switched off there for this account.")
        shown = QDateTime.fromSecsSinceEpoch(round(at.timestamp())).date()
        return text.format(date=QLocale().toString(shown, QLocale.FormatType.LongFormat))

    def _select(self, row: int) -> None:
        index = self.model.index(row, 0)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _wish_width(self) -> int:
        header = self.view.header()
        widths = [max(header.sectionSizeHint(n), self.view.sizeHintForColumn(n)) for n in range(header.count())]
        return sum(widths) + self.view.verticalScrollBar().sizeHint().width() + 4 * MARGIN
