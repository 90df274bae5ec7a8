"""What a desktop wants to know of a program: its entry in the menu, its icons, its description for software centres."""

import re
import shutil
import subprocess
from pathlib import Path

APPLICATION_ID = "io.github.stsdesktop.stsdesktop"

HERE = Path(__file__).parent
APPLICATION_ICON = HERE.parents[1] / "resources" / "icons" / "sts-desktop.svg"

CACHES = (
    ("applications", "mimeinfo.cache", ("update-desktop-database", "-q")),
    ("icons/hicolor", "icon-theme.cache", ("gtk-update-icon-cache", "-q", "-f", "-t")),
)


def desktop_files(program: Path) -> dict[str, bytes]:
    """Return the files that belong below a prefix's share/, for a program that is started as `program`."""
    entry = (HERE / f"{APPLICATION_ID}.desktop").read_text(encoding="utf-8")
    return {
        f"applications/{APPLICATION_ID}.desktop": with_program(entry, program).encode(),
        f"icons/hicolor/scalable/apps/{APPLICATION_ID}.svg": APPLICATION_ICON.read_bytes(),
        f"icons/hicolor/symbolic/apps/{APPLICATION_ID}-symbolic.svg": (
            HERE / f"{APPLICATION_ID}-symbolic.svg"
        ).read_bytes(),
        f"metainfo/{APPLICATION_ID}.metainfo.xml": (HERE / f"{APPLICATION_ID}.metainfo.xml").read_bytes(),
    }


def with_program(entry: str, program: Path) -> str:
    """Return a desktop entry that starts `program` by its whole path: a session's PATH may lack ~/.local/bin."""
    # Desktop Entry Specification, "The Exec key": quoted within the argument, then as any string.
    quoted = re.sub(r'(["`$\\])', r"\\\1", str(program))
    entry = _with_value(entry, "Exec", _as_string(f'"{quoted}"'))
    return _with_value(entry, "TryExec", _as_string(str(program)))


def refresh_caches(share: Path) -> None:
    """Bring the caches below `share` up to date; a desktop that has none there looks at the files themselves.

    None is made where there was none: it would hide the icons that other programs put there without telling.
    """
    for directory, cache, command in CACHES:
        if (share / directory / cache).exists() and shutil.which(command[0]):
            subprocess.run([*command, share / directory], check=False)


def _with_value(entry: str, key: str, value: str) -> str:
    changed, times = re.subn(rf"^{key}=.*$", lambda _match: f"{key}={value}", entry, flags=re.MULTILINE)
    assert times == 1, key
    return changed


def _as_string(value: str) -> str:
    return value.replace("\\", "\\\\")
