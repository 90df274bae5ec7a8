"""Which endpoints answer, how fast, and whether they serve the access key: all of a partition at once."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from sts_desktop.core.errors import sentence
from sts_desktop.core.i18n import _, ngettext
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoint_check import fastest
from sts_desktop.ui import colours
from sts_desktop.ui.endpoint_check_model import RESULT, SORTED_BY, EndpointCheckModel
from sts_desktop.ui.endpoint_store import EndpointStore
from sts_desktop.ui.note import Note
from sts_desktop.ui.palette_widgets import PrimaryButton, QuietLabel


class EndpointCheckDialog(QDialog):
    """Begins to ask when it is made; rows fill in as answers come.

    Signals:
        chosen(object): the `Endpoint` that the person wants to use.
    """

    chosen = Signal(object)

    def __init__(self, store: EndpointStore, profile_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._store = store
        self._profile_id = profile_id
        self.setWindowTitle(_("Check endpoints"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._model = EndpointCheckModel(store, self)
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self._model)
        self.sorted.setSortRole(SORTED_BY)
        self.sorted.setSortLocaleAware(True)
        self.view = QTreeView()
        self.explanation = QuietLabel()
        self.explanation.setWordWrap(True)
        self.progress = QuietLabel()
        self.note = Note(colours.RED, "state-failed")
        self.test = QPushButton(_("&Test with a 900-second token"))
        self.again = QPushButton()
        self.use_fastest = QPushButton()
        self.use = PrimaryButton(_("&Use this endpoint"))
        self.closing = QPushButton(_("Close"))
        self._set_up_view()
        self._lay_out()
        self._connect()
        store.check_all(profile_id)
        self._fit_columns()
        self.refresh()

    def current(self) -> Endpoint | None:
        """Return the endpoint of the row that is chosen."""
        index = self.view.currentIndex()
        return self._model.endpoint(self.sorted.mapToSource(index).row()) if index.isValid() else None

    @Slot()
    def refresh(self) -> None:
        """Show what is known now."""
        store, count = self._store, self._store.answers()
        self.again.setText(_("&Stop") if store.is_busy else _("Check &again"))
        text = ngettext("{count} of {all} has answered.", "{count} of {all} have answered or failed.", count)
        self.progress.setText(text.format(count=count, all=len(store.endpoints)))
        first = fastest(store.checks.values())
        self.use_fastest.setEnabled(first is not None)
        place = first.endpoint.place if first is not None else ""
        self.use_fastest.setText(_("Use the &fastest: {place}").format(place=place) if place else _("Use the &fastest"))
        if store.problem is None:
            self.note.hide()
        else:
            self.note.tell_error(store.problem)
        if not store.is_busy:
            self._fit_columns()
        self._show_row()
        if self.view.currentIndex().isValid():  # it may have another place by now
            self.view.scrollTo(self.view.currentIndex())

    @Slot()
    def reject(self) -> None:
        """Close, and wait for no more answers."""
        self._store.cancel()
        super().reject()

    @Slot()
    def _show_row(self) -> None:
        endpoint = self.current()
        self.use.setEnabled(endpoint is not None)
        self.use.setText(_("&Use {place}").format(place=endpoint.place) if endpoint else _("&Use this endpoint"))
        self.test.setEnabled(endpoint is not None and not self._store.is_busy and self._store.has_key)
        check = self._store.checks.get(endpoint.id) if endpoint is not None else None
        if check is not None and check.problem is not None:
            self.explanation.setText(sentence(check.problem))
        else:
            self.explanation.setText(
                _(
                    "GetCallerIdentity costs nothing, and is answered also where STS is switched off for the account. "
                    "Only a request for a token tells that."
                )
            )

    @Slot()
    def _check_or_stop(self) -> None:
        if self._store.is_busy:
            self._store.cancel()
        else:
            self._store.check_all(self._profile_id)

    @Slot()
    def _test(self) -> None:
        endpoint = self.current()
        if endpoint is not None:
            self._store.test_with_token(endpoint)

    @Slot()
    def _use_fastest(self) -> None:
        first = fastest(self._store.checks.values())
        if first is not None:
            self._choose(first.endpoint)

    @Slot()
    def _use(self) -> None:
        endpoint = self.current()
        if endpoint is not None:
            self._choose(endpoint)

    def _choose(self, endpoint: Endpoint) -> None:
        self.chosen.emit(endpoint)
        self.reject()

    @Slot(QModelIndex)
    def _use_row(self, _index: QModelIndex) -> None:
        self._use()

    def _set_up_view(self) -> None:
        self.view.setModel(self.sorted)
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setAllColumnsShowFocus(True)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(RESULT, Qt.SortOrder.AscendingOrder)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setAccessibleName(_("Endpoints"))
        header = self.view.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)

    def _fit_columns(self) -> None:
        """Give each column the room that it needs now; to do so at each answer would take more than all answers do."""
        for column in range(self.sorted.columnCount()):
            self.view.resizeColumnToContents(column)

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.progress, 1)
        above.addWidget(self.again)
        below = QHBoxLayout()
        below.addWidget(self.test)
        below.addStretch(1)
        below.addWidget(self.use_fastest)
        below.addWidget(self.use)
        below.addWidget(self.closing)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(above)
        layout.addWidget(self.view)
        layout.addWidget(self.explanation)
        layout.addWidget(self.note)
        layout.addLayout(below)
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * 140, metrics.height() * 34)

    def _connect(self) -> None:
        self._store.changed.connect(self.refresh)
        self.view.selectionModel().currentChanged.connect(self._show_row)
        self.view.activated.connect(self._use_row)
        self.again.clicked.connect(self._check_or_stop)
        self.test.clicked.connect(self._test)
        self.use_fastest.clicked.connect(self._use_fastest)
        self.use.clicked.connect(self._use)
        self.closing.clicked.connect(self.reject)
        for button in (self.again, self.test, self.use_fastest, self.closing):
            button.setAutoDefault(False)
