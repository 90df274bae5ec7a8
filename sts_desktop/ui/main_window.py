"""The window: profiles on the left, one of them on the right, what is going on below."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.paths import Paths
from sts_desktop.ui.clipboard import SecretClipboard
from sts_desktop.ui.deletions import Deletions
from sts_desktop.ui.device_store import DeviceStore
from sts_desktop.ui.examples import Examples
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.left_keys_note import LeftKeysNote
from sts_desktop.ui.message_bar import MessageBar
from sts_desktop.ui.palette_widgets import IconButton
from sts_desktop.ui.profile_actions import ActionSets
from sts_desktop.ui.profile_list import ProfileList
from sts_desktop.ui.profile_making import ProfileMaking
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_panel import SessionPanel
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.welcome import Welcome
from sts_desktop.ui.window_menu import WindowMenu
from sts_desktop.ui.window_notes import WindowNotes

LIST_PART = 0.29
"""The part of the window's width that the list gets to begin with."""


class MainWindow(QMainWindow):
    """Puts the views of the stores together and carries out what concerns more than one of them.

    Signals:
        painted: the window was painted for the first time; from now on D-Bus and the network may be touched.
        watched(bool): whether somebody can see it.
        activated: the person came back to it.
        demo_requested: start the demo.
        closed: the window was closed; whether the program goes on is not its to say.
        quit_requested: the program is to end.
    """

    painted = Signal()
    watched = Signal(bool)
    activated = Signal()
    demo_requested = Signal()
    closed = Signal()
    quit_requested = Signal()

    def __init__(
        self,
        profiles: ProfileStore,
        sessions: SessionStore,
        keys: KeyStore,
        devices: DeviceStore,
        actions: ActionSets,
        deletions: Deletions,
        clipboard: SecretClipboard,
        paths: Paths,
        *,
        is_demo: bool = False,
    ) -> None:
        super().__init__()
        self._profiles = profiles
        self._sessions = sessions
        self._keys = keys
        self._deletions = deletions
        self._paths = paths
        self._was_painted = False
        self.setWindowTitle(_("STS Desktop"))

        self.new = IconButton("add", _("&New"))
        self.search = QLineEdit()
        self.list = ProfileList(profiles, sessions)
        self.panel = SessionPanel(profiles, sessions, keys, devices, actions)
        self.making = ProfileMaking(profiles, keys, self.panel, self)
        self.welcome = Welcome(keys, offer_demo=not is_demo)
        left_keys = LeftKeysNote(profiles, sessions, gap_below=8)
        self.notes = WindowNotes(profiles, keys, left_keys, self._open_log_folder, is_demo=is_demo)
        self.message_bar = MessageBar(profiles, sessions, keys, deletions, clipboard)
        self._examples = Examples(profiles, sessions, clipboard, self)
        self._menu = WindowMenu(
            new=self.making.make,
            enter_key=self.making.enter_key,
            read_again=keys.refresh,
            open_log=self._open_log_folder,
            about=self._about,
            quit_program=self.quit_requested.emit,
        )
        self._pages = QStackedWidget()
        self._strips = QVBoxLayout()
        self._lay_out()
        self._connect()
        self.resize(self._comfortable_size())
        self._show_page()
        if profiles.settings.profiles:
            self.list.select(profiles.settings.profiles[0].id)

    def add_strip(self, strip: QWidget) -> None:
        """Put a widget of somebody else's above everything."""
        self._strips.addWidget(strip)

    def _comfortable_size(self) -> QSize:
        """Return a size at which nothing of the form is cut off, as far as the screen has room for it."""
        metrics = self.fontMetrics()
        wish = QSize(metrics.averageCharWidth() * 150, metrics.height() * 48)
        return wish.boundedTo(self.screen().availableSize())

    def event(self, event: QEvent) -> bool:
        """Notice the first paint: an update request is served by painting the whole window."""
        served = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest and not self._was_painted:
            self._was_painted = True
            self.painted.emit()
        return served

    def showEvent(self, event: QShowEvent) -> None:
        """Let the countdowns run."""
        super().showEvent(event)
        self.watched.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the countdowns rest."""
        super().hideEvent(event)
        self.watched.emit(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so. Always accepted: a window that refuses to close makes desktops cancel a logout (keepassxc#1722)."""
        super().closeEvent(event)
        self.closed.emit()

    @Slot()
    def come_to_front(self) -> None:
        """Be seen, in front of others as far as the desktop allows it."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def changeEvent(self, event: QEvent) -> None:
        """Notice that the person comes back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    # What a person does

    @Slot()
    def _delete(self) -> None:
        """Delete the profile shown; the line at the bottom offers to undo it."""
        self._deletions.delete(self.panel.profile_id)

    @Slot(str)
    def _copy_example(self, language: str) -> None:
        self._examples.copy(self.panel.profile_id, language)

    @Slot(str)
    def _show_made(self, profile_id: str) -> None:
        self.search.clear()  # or the new one might not be among those shown
        self.list.select(profile_id)

    @Slot(str)
    def _let_be_named(self, profile_id: str) -> None:
        self._show_made(profile_id)
        self.panel.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.panel.name.selectAll()

    # What it shows

    @Slot(str)
    def _show_profile(self, profile_id: str) -> None:
        self.panel.show_profile(profile_id)
        self._show_page()

    @Slot()
    def _show_page(self) -> None:
        has_profiles = bool(self._profiles.settings.profiles)
        self._pages.setCurrentIndex(1 if has_profiles else 0)
        self.search.setEnabled(has_profiles)

    @Slot(object)
    def tell_problem(self, error: StsDesktopError) -> None:
        """Tell of an error that belongs to no profile."""
        self.notes.tell_problem(error)

    # How it is built

    def _lay_out(self) -> None:
        self.search.setPlaceholderText(_("Search (Ctrl+F)"))
        self.search.setAccessibleName(_("Search profiles"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(self.fontMetrics().averageCharWidth() * 40)
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 8, 8)
        top.setSpacing(10)
        top.addWidget(self.new)
        top.addWidget(self.search, 1)
        top.addStretch(1)
        top.addWidget(self._menu)

        for page in (self.welcome, self.panel):
            self._pages.addWidget(_scrolled(page))
        halves = QSplitter()
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(1)
        halves.addWidget(self.list)
        halves.addWidget(self._pages)
        halves.setStretchFactor(0, round(LIST_PART * 100))  # a window that grows shows more of the names too
        halves.setStretchFactor(1, round((1 - LIST_PART) * 100))
        self.list.setMinimumWidth(self.fontMetrics().averageCharWidth() * 27)
        width = self._comfortable_size().width()
        halves.setSizes([round(width * LIST_PART), round(width * (1 - LIST_PART))])

        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._strips)
        layout.addLayout(top)
        layout.addWidget(self.notes)
        layout.addWidget(_line())
        layout.addWidget(halves, 1)
        layout.addWidget(_line())
        layout.addWidget(self.message_bar)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self.addActions(self._menu.menu().actions())
        find = QAction(self)
        find.setShortcut(QKeySequence.StandardKey.Find)
        find.triggered.connect(self._find)
        self.addAction(find)
        self.new.clicked.connect(self.making.make)
        self.making.made.connect(self._show_made)
        self.making.to_be_named.connect(self._let_be_named)
        self.search.textChanged.connect(self.list.search)
        self.list.selected.connect(self._show_profile)
        self.panel.duplicate_requested.connect(self.making.duplicate)
        self.panel.delete_requested.connect(self._delete)
        self.panel.enter_key_requested.connect(self.making.enter_key_here)
        self.panel.example_requested.connect(self._copy_example)
        self._examples.copied.connect(self.message_bar.tell_example)
        self.welcome.use_aws_keys.connect(self.making.use_aws_keys)
        self.welcome.enter_key.connect(self.making.enter_key)
        self.welcome.try_demo.connect(self.demo_requested)
        self._profiles.profiles_changed.connect(self._show_page)
        self._profiles.failed.connect(self.tell_problem)
        self._sessions.file_failed.connect(self.tell_problem)
        self._profiles.read_again.connect(self.notes.take_back_problem)
        self._deletions.undone.connect(self.list.select)

    @Slot()
    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def _about(self) -> None:
        from sts_desktop.ui.about import show_about  # not needed to paint the window

        show_about(self, self._paths)

    @Slot()
    def _open_log_folder(self) -> None:
        from PySide6.QtCore import QUrl  # these two are not needed to paint the window
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paths.log_file.parent)))


def _scrolled(page: QWidget) -> QScrollArea:
    """Return `page` so that none of it is lost in a small window or with large text."""
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a stop on the way by Tab at which nothing is seen
    scroll.setWidgetResizable(True)
    scroll.setWidget(page)
    return scroll


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line
