"""Whether the desktop has a tray, and when it is safe to ask Qt for one.

Qt decides once, when it is first asked, whether icons go over D-Bus (StatusNotifierItem), and never looks again
(`isDBusTrayAvailable` in qgenericunixthemes.cpp). At login the tray may come seconds after us; so it is waited for over
D-Bus first. On X11 what comes later still is found where it speaks XEmbed too, as Xfce's and, by a proxy, KDE's do. On
Wayland there is no other tray than over D-Bus, and Qt is not asked before there is one, however late it comes.
"""

import sys

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from sts_desktop.ui.application import is_wayland

BUS, BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
WATCHER = "org.kde.StatusNotifierWatcher"
NO_DESKTOPS = ("offscreen", "minimal", "vnc")
"""Platforms of Qt on which there is no tray, nor anybody who would look for one."""

PATIENCE_MS = 5_000
LOOK_MS, MISSING_MS = 30_000, 4_000
GONE_LOOKS = 2
"""A panel that is restarted is away for a moment; only one that stays away leaves the program without a tray."""


class TrayHost(QObject):
    """Looks for a tray, once `begin` was called.

    Signals:
        decided: from now on an icon may be made, whether or not there is a tray for it yet.
        missing: there is no tray, or none so far.
        found: there is one, perhaps again.
        lost: there is none any more.

    Attributes:
        is_over_dbus: the icon and its menu go over D-Bus, not XEmbed or an API of the system's.
    """

    decided = Signal()
    missing = Signal()
    found = Signal()
    lost = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_over_dbus = False
        self._is_decided = False
        self._was_there = False
        self._absences = 0
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._do_without_dbus)
        self._looks = QTimer(self)
        self._looks.setInterval(LOOK_MS)
        self._looks.timeout.connect(self._look)

    def is_available(self) -> bool:
        """Return whether an icon is seen now."""
        return self._is_decided and QSystemTrayIcon.isSystemTrayAvailable()

    def begin(self) -> None:
        """Look for a tray; to be called after the first paint, because it touches D-Bus."""
        if QGuiApplication.platformName() in NO_DESKTOPS:
            return
        if sys.platform != "linux":
            self._decide()
            return
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusServiceWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            self._do_without_dbus()
            return
        registration = QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange
        self._services = QDBusServiceWatcher(WATCHER, bus, registration, self)
        self._services.serviceRegistered.connect(self._decide_for_dbus)
        self._services.serviceUnregistered.connect(self._look)
        self._patience.start(PATIENCE_MS)
        question = QDBusMessage.createMethodCall(BUS, BUS_PATH, BUS, "NameHasOwner")
        question.setArguments([WATCHER])
        self._question = QDBusPendingCallWatcher(bus.asyncCall(question), self)
        self._question.finished.connect(self._take_answer)

    @Slot()
    def _take_answer(self) -> None:
        if self._question.reply().arguments() == [True]:
            self._decide_for_dbus()

    @Slot()
    def _decide_for_dbus(self) -> None:
        self.is_over_dbus = self.is_over_dbus or not self._is_decided
        self._decide()

    @Slot()
    def _do_without_dbus(self) -> None:
        if is_wayland():
            self.missing.emit()
        else:
            self._decide()

    @Slot()
    def _decide(self) -> None:
        if self._is_decided:
            return
        self._is_decided = True
        self._patience.stop()
        self._looks.start()
        self.decided.emit()
        self._look()
        if not self._was_there:
            self.missing.emit()

    def decide_now(self) -> None:
        """Decide without further patience, where a tray of another kind than over D-Bus may be there."""
        if self._patience.isActive() and not is_wayland():
            self._decide()

    @Slot()
    def _look(self) -> None:
        is_there = self.is_available()
        self._looks.setInterval(LOOK_MS if is_there else MISSING_MS)
        if is_there:
            self._absences = 0
            if not self._was_there:
                self._was_there = True
                self.found.emit()
            return
        self._absences += 1
        if self._was_there and self._absences >= GONE_LOOKS:
            self._was_there = False
            self.lost.emit()
