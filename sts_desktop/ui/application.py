"""The one `QApplication`: its id, its icon, its language; and whether there is a screen for it."""

import sys
from collections.abc import Mapping

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from sts_desktop.core.i18n import _, current_language
from sts_desktop.ui import icons

APPLICATION_ID = "io.github.stsdesktop.stsdesktop"


def make_application() -> QApplication:
    """Return the application, with its id, icon and language."""
    application = QApplication([sys.argv[0]])
    application.setApplicationName("sts-desktop")
    application.setApplicationDisplayName(_("STS Desktop"))
    application.setDesktopFileName(APPLICATION_ID)
    application.setQuitOnLastWindowClosed(False)  # the tray may be all that is left; `Background` decides
    application.setQuitLockEnabled(False)  # or the end of a job could end the program (QTBUG-124386)
    application.setWindowIcon(icons.application_icon())
    language = current_language()
    # Always: with LANGUAGE=ja and another LANG, the system's locale calls itself Japanese and names days in English.
    QLocale.setDefault(QLocale(language))
    translator = QTranslator(application)
    if language != "en" and translator.load(
        f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        application.installTranslator(translator)
    return application


def is_wayland() -> bool:
    """Return whether the windows are on Wayland, by whichever of Qt's plugins for it."""
    return QApplication.platformName().startswith("wayland")


def display_problem(environment: Mapping[str, str]) -> str:
    """Return why no window can be opened, on one line; empty when one can. Qt itself would abort the process."""
    if sys.platform in ("win32", "darwin"):
        return ""
    wishes = [wish.partition(":")[0] for wish in environment.get("QT_QPA_PLATFORM", "").split(";")]
    x11, wayland = bool(environment.get("DISPLAY")), bool(environment.get("WAYLAND_DISPLAY"))
    usable = {"xcb": x11, "wayland": wayland, "wayland-egl": wayland, "": x11 or wayland}
    if any(usable.get(wish, True) for wish in wishes):
        return ""
    return _("sts-desktop: there is no display to open a window on; the commands work without one: sts-desktop --help")
