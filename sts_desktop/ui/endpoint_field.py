"""The choice of an STS endpoint: a field that shows the one chosen, and a searchable list of all."""

from PySide6.QtCore import (
    QEvent,
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
    QComboBox,
    QFrame,
    QHeaderView,
    QLineEdit,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import EndpointChoice
from sts_desktop.core.sts.endpoints import CUSTOM_ID, GLOBAL_ID, Endpoint
from sts_desktop.ui.combo_box import ComboBox
from sts_desktop.ui.endpoint_model import EndpointModel
from sts_desktop.ui.palette_widgets import QuietLabel


def endpoint_text(endpoint: Endpoint) -> str:
    """Return an endpoint on one line: place, region and host."""
    if endpoint.id == CUSTOM_ID:
        return _("{url}   signed for {region}").format(url=endpoint.url, region=endpoint.signing_region)
    if endpoint.id == GLOBAL_ID:
        return f"{endpoint.place}   {endpoint.host}"
    return f"{endpoint.place}   {endpoint.id}   {endpoint.host}"


class EndpointPopup(QFrame):
    """A search field above the list of endpoints.

    Signals:
        chosen(object): an `Endpoint`.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameStyle(QFrame.Shape.StyledPanel)
        self.model = EndpointModel(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search by place, region or host, or type an https:// address"))
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
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(_("Endpoints"))
        self.view.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.view.header().setStretchLastSection(True)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)
        self.view.selectionModel().currentChanged.connect(self._explain)
        self.explanation = QuietLabel()
        self.explanation.setWordWrap(True)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.search)
        layout.addWidget(self.view)
        layout.addWidget(self.explanation)

    def open_below(self, field: QWidget, partition: str | None, current: Endpoint | None) -> None:
        """Open under `field` with the endpoints of `partition`, `current` selected."""
        self.search.clear()
        self.model.show(partition, current.signing_region if current else "us-east-1")
        for column in range(self.model.columnCount()):
            self.view.resizeColumnToContents(column)  # once, with all rows: the columns stay while one searches
        self._select(self.model.row_of(current.id) if current else 0)
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
        return super().eventFilter(watched, event)

    @Slot(str)
    def _search(self, needle: str) -> None:
        self.model.search(needle)
        self._select(0)
        if self.model.problem is not None:
            self.explanation.setText(self.model.problem.explanation)
        elif not self.model.rowCount():
            self.explanation.setText(
                _("Nothing matches. An address of your own begins with https:// and ends with the host.")
            )

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        endpoint = self.model.endpoint(index.row())
        if endpoint is not None:
            self.hide()
            self.chosen.emit(endpoint)

    @Slot(QModelIndex)
    def _explain(self, index: QModelIndex) -> None:
        endpoint = self.model.endpoint(index.row())
        self.explanation.setText(endpoint.works_where() if endpoint else "")

    def _select(self, row: int) -> None:
        index = self.model.index(row, 0)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _wish_width(self) -> int:
        header = self.view.header()
        return sum(header.sectionSizeHint(column) for column in range(header.count())) + sum(
            self.view.sizeHintForColumn(column) for column in range(3)
        )


class EndpointField(ComboBox):
    """Looks like a combo box; its list is an `EndpointPopup`.

    Signals:
        picked(object): the `EndpointChoice` that the person made.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._partition: str | None = None
        self._current: Endpoint | None = None
        self._popup: EndpointPopup | None = None
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.addItem("")

    def show_choice(self, choice: EndpointChoice, partition: str | None) -> None:
        """Show what is chosen, and offer the endpoints of `partition` (None: all)."""
        self._partition = partition
        try:
            self._current = choice.resolve()
        except StsDesktopError:
            self._current = None
        text = endpoint_text(self._current) if self._current else (choice.url or choice.id)
        self.setItemText(0, text)
        self.setToolTip(self._current.works_where() if self._current else "")

    def showPopup(self) -> None:
        """Open the searchable list."""
        if self._popup is None:
            self._popup = EndpointPopup(self)
            self._popup.chosen.connect(self._picked)
        self._popup.open_below(self, self._partition, self._current)

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
        if endpoint.id == CUSTOM_ID:
            self.picked.emit(EndpointChoice(CUSTOM_ID, endpoint.url, endpoint.signing_region))
        else:
            self.picked.emit(EndpointChoice(endpoint.id))
