"""The icon in the tray: the worst state of all sessions at a glance, and what can be done about it in two clicks."""

import unicodedata
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from sts_desktop.core import renewal
from sts_desktop.core.i18n import _, ngettext
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase
from sts_desktop.ui import icons
from sts_desktop.ui.duration_field import local_time
from sts_desktop.ui.profile_actions import ActionSets
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.session_words import short_state

PROFILES_SHOWN = 8
"""With *More*, a line, *Open* and *Quit* the menu has twelve entries at most."""

MORE_SHOWN = 60
"""Whoever has more profiles searches for them in the window."""

LONGEST_NAME = 40
"""How many characters of a name a menu shows."""

SETTLE_MS = 200
"""Several changes that come at once make one new menu."""

OPEN_MS = 60_000
"""How long a menu counts as open whose host does not say that it was closed."""


def menu_text(text: str) -> str:
    """Return `text` as an entry of a menu that shows it as it is."""
    return text.replace("&", "&&")


def dbus_menu_text(text: str) -> str:
    """Return `text` as an entry of a menu that shows it as it is, of which Qt makes one over D-Bus.

    There an underscore marks the letter for the keyboard (com.canonical.dbusmenu, "label"); Qt turns the first `&` into
    one, unless it is the last character, and leaves all others (`convertMnemonic` in qdbusmenutypes.cpp).
    """
    return text.replace("_", "__").replace("&", "&&", 1)


def _menu_name(name: str) -> str:
    """Return a name so that a menu stays narrow, and a right-to-left one does not turn the entry around (UAX #9)."""
    shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
    is_right_to_left = any(unicodedata.bidirectional(char) in ("R", "AL") for char in shown)
    return f"\u2068{shown}\u2069" if is_right_to_left else shown


class Tray(QObject):
    """The icon, its tool tip and its menu. Made by `show`, which must wait for `TrayHost.decided`.

    Signals:
        open_requested: the window is wanted.
        quit_requested: the program is to end.
        balloon_clicked: the message that was shown last was clicked.
    """

    open_requested = Signal()
    quit_requested = Signal()
    balloon_clicked = Signal()

    def __init__(
        self, profiles: ProfileStore, sessions: SessionStore, actions: ActionSets, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._actions = actions
        self._icon: QSystemTrayIcon | None = None
        self._menu_text = menu_text
        self._shown: tuple[Phase, bool] | None = None
        # One menu, set once: some hosts read it when the icon appears, and never ask for another.
        self.menu = QMenu()
        self.menu.aboutToShow.connect(self._opened)
        self.menu.aboutToHide.connect(self._closed)
        # `isVisible` does not tell: a menu that a host shows over D-Bus never is.
        self._open = QTimer(self)
        self._open.setSingleShot(True)
        self._open.setInterval(OPEN_MS)
        self._open.timeout.connect(self.refresh)
        self._submenus: list[QMenu] = []
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        sessions.session_changed.connect(self._settle.start)
        profiles.profiles_changed.connect(self._settle.start)
        profiles.profile_changed.connect(self._settle.start)

    @property
    def icon(self) -> QSystemTrayIcon | None:
        """The icon, once there is one."""
        return self._icon

    def show(self, *, over_dbus: bool) -> None:
        """Put the icon into the tray; where there is none yet, it appears with it.

        Args:
            over_dbus: the menu goes over D-Bus, where texts are written in another way.
        """
        if self._icon is None:
            if over_dbus:
                self._menu_text = dbus_menu_text
                self._actions.set_menu_text(dbus_menu_text)
            self._icon = QSystemTrayIcon(self)
            self._icon.setContextMenu(self.menu)
            self._icon.activated.connect(self._activated)
            self._icon.messageClicked.connect(self.balloon_clicked)
            self.refresh()
            self._icon.show()

    def show_balloon(self, title: str, text: str) -> bool:
        """Show a message beside the icon, where the desktop has such; return whether it could."""
        if self._icon is None or not self._icon.supportsMessages():
            return False
        self._icon.showMessage(title, text)
        return True

    def close(self) -> None:
        """Take the icon away: one whose program has ended stays on some desktops until the pointer meets it."""
        if self._icon is not None:
            self._icon.hide()
        self._settle.stop()
        self._open.stop()
        self.menu.deleteLater()

    @Slot()
    def refresh(self) -> None:
        """Show everything anew."""
        if not (self._open.isActive() or self.menu.isVisible()):  # no entry moves under the pointer
            self._fill()
        if self._icon is None:
            return
        phase = renewal.worst(self._sessions.phase(profile.id) for profile in self._profiles.settings.profiles)
        activities = (self._sessions.activity(profile.id) for profile in self._profiles.settings.profiles)
        is_working = any(activity is not None and activity.is_shown for activity in activities)
        if (phase, is_working) != self._shown:
            self._shown = phase, is_working
            self._icon.setIcon(icons.tray_icon(phase, is_working=is_working))
        self._icon.setToolTip("\n".join((_("STS Desktop"), self._summary())))

    @Slot()
    def _opened(self) -> None:
        self._open.stop()
        self.refresh()
        self._open.start()

    @Slot()
    def _closed(self) -> None:
        """Show what has changed meanwhile, a little later: what was clicked may be told only then."""
        self._open.stop()
        self._settle.start()

    def _summary(self) -> str:
        """Return how many sessions there are of each kind that the icon's worst shape may stand for."""
        phases = [self._sessions.phase(profile.id) for profile in self._profiles.settings.profiles]
        failed, expired = phases.count(Phase.FAILED), phases.count(Phase.EXPIRED)
        parts = [
            self._live_summary(),
            ngettext("{count} failed", "{count} failed", failed).format(count=failed) if failed else "",
            ngettext("{count} expired", "{count} expired", expired).format(count=expired) if expired else "",
        ]
        return " · ".join(filter(None, parts))

    def _live_summary(self) -> str:
        live = self._sessions.live_sessions()
        if not live or live[0].expiration is None:
            return _("no active session")
        until = local_time(live[0].expiration, self._sessions.now())
        return ngettext(
            "{count} active · next expiry at {time}", "{count} active · next expiry at {time}", len(live)
        ).format(count=len(live), time=until)

    def _fill(self) -> None:
        self.menu.clear()
        for submenu in self._submenus:
            submenu.deleteLater()
        self._submenus = []
        ranked = sorted(self._profiles.settings.profiles, key=self._rank)
        self._add_profiles(self.menu, ranked[:PROFILES_SHOWN])
        if ranked[PROFILES_SHOWN:]:
            more = self._submenu(self.menu, _("More"))
            more.aboutToShow.connect(lambda: self._fill_more(more, ranked[PROFILES_SHOWN:]))
        if ranked:
            self.menu.addSeparator()
        self.menu.addAction(_("&Open STS Desktop")).triggered.connect(self.open_requested)
        self.menu.addAction(_("&Quit")).triggered.connect(self.quit_requested)

    def _fill_more(self, menu: QMenu, profiles: Sequence[Profile]) -> None:
        """Fill the menu of the rest when it is opened: nobody wants a thousand menus kept ready."""
        if not menu.isEmpty():
            return
        self._add_profiles(menu, profiles[:MORE_SHOWN])
        rest = len(profiles[MORE_SHOWN:])
        if rest:
            text = ngettext("{count} more in the window…", "{count} more in the window…", rest).format(count=rest)
            menu.addAction(text).triggered.connect(self.open_requested)

    def _add_profiles(self, menu: QMenu, profiles: Iterable[Profile]) -> None:
        for profile in profiles:
            title = _("{name} — {state}").format(
                name=_menu_name(profile.name), state=short_state(profile, self._sessions)
            )
            submenu = self._submenu(menu, self._menu_text(title))
            submenu.addActions(self._actions.of(profile).all())

    def _submenu(self, menu: QMenu, title: str) -> QMenu:
        submenu = QMenu(title, menu)
        menu.addMenu(submenu)
        self._submenus.append(submenu)
        return submenu

    def _rank(self, profile: Profile) -> tuple[int, float]:
        """Return where a profile stands: what has expired or will soon, then what was used last."""
        record, phase = self._sessions.record(profile.id), self._sessions.phase(profile.id)
        matters = renewal.WORST_FIRST.index(phase) if phase in (Phase.EXPIRED, Phase.FAILED, Phase.RENEW_SOON) else 9
        return min(matters, 3), -(record.issued.timestamp() if record.issued else 0.0)

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.open_requested.emit()
