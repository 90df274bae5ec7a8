"""A real, private desktop on a machine with no screen: X server, window manager, D-Bus, keyring, tray, notifications.

Each part is waited for by what it is for. Everything a session starts ends with it, also what D-Bus starts for it.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Literal

from tests.waiting import wait_until

Tray = Literal["sni", "xembed", "none"]
Keyring = Literal["unlocked", "locked", "broken", "none"]

CHECKOUT = Path(__file__).parents[2]
"""Where the program is run from: what is tested is this tree, even where another one is installed."""

DIE_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")
"""Goes before a command: what is started dies with the process that started it, even one killed by `kill -9`."""

LIMIT_SECONDS = 30.0
PASSWORD = "test"
"""Of the login keyring."""

JWM = """<JWM><Desktops><Background type="solid">#3b5a73</Background></Desktops>
{tray}<Key mask="A" key="F4">close</Key></JWM>"""
JWM_TRAY = '<Tray y="-1" height="32"><TaskList/><Dock/></Tray>'
PANEL = """<channel name="xfce4-panel" version="1.0"><property name="configver" type="int" value="2"/>
<property name="panels" type="array"><value type="int" value="1"/><property name="panel-1" type="empty">
<property name="position" type="string" value="p=4;x=0;y=0"/><property name="size" type="uint" value="32"/>
<property name="plugin-ids" type="array"><value type="int" value="1"/></property></property></property>
<property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property></channel>"""
DOES_NOT_START = "[D-BUS Service]\nName={name}\nExec=/bin/false\n"
BUS_WITHOUT_SERVICES = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>{address}</listen><servicedir>{services}</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"""
NOTIFICATIONS = "org.freedesktop.Notifications"
ACCESSIBILITY = "org.a11y.Bus.service"
OUTER = ("DBUS_", "XDG_", "WAYLAND_", "GNOME_KEYRING", "QT_", "SESSION_MANAGER", "DISPLAY", "AWS_", "LANGUAGE", "LC_")


def processes_of(directory: Path) -> list[int]:
    """Return the processes of the desktop in a directory: those that know its X server's password."""
    mark = f"XAUTHORITY={directory}/authority".encode()
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            with contextlib.suppress(OSError):
                state = (process / "stat").read_text().rpartition(")")[2].split()[0]
                if state != "Z" and mark in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
    return found


class DesktopSession:
    """One desktop, in a directory of its own; `environment` is that of its programs."""

    def __init__(
        self,
        directory: Path,
        *,
        tray: Tray = "none",
        keyring: Keyring = "unlocked",
        notifications: bool = True,
        screen: tuple[int, int] = (1280, 800),
    ) -> None:
        self.directory = directory
        self.screen = screen
        self._has_notifications = notifications
        self._parts: dict[str, subprocess.Popen[bytes]] = {}
        for name in ("home", "runtime", "config", "data", "cache", "state", "log"):
            (directory / name).mkdir(mode=0o700, parents=True)
        self.bus = f"unix:path={directory}/runtime/bus"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(OUTER)}
        self.environment |= {
            f"XDG_{name.upper()}_HOME": str(directory / name) for name in ("config", "data", "cache", "state")
        }
        self.environment |= {
            "HOME": str(directory / "home"),
            "XDG_RUNTIME_DIR": str(directory / "runtime"),
            "XDG_SESSION_TYPE": "x11",
            "XAUTHORITY": str(directory / "authority"),
            "DBUS_SESSION_BUS_ADDRESS": self.bus,
            "GDK_BACKEND": "x11",  # the panel stays here where there is a Wayland compositor, too
            "LANG": "C.UTF-8",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHONPATH": str(CHECKOUT),
        }
        try:
            self._open(tray, keyring)
        except BaseException:
            self.stop()
            raise

    @property
    def home(self) -> Path:
        """The person's home directory."""
        return self.directory / "home"

    def run(self, *command: str, stdin: str | None = None) -> str:
        """Run a program on this desktop, and return what it prints."""
        done = subprocess.run(
            command, env=self.environment, input=stdin, capture_output=True, text=True, timeout=LIMIT_SECONDS
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def says(self, *command: str) -> str:
        """Return what a program prints, whatever its exit code."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        return done.stdout

    def start_panel(self) -> None:
        """Start the host of StatusNotifierItems, and wait until it takes icons."""
        directory = self.directory / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "xfce4-panel.xml").write_text(PANEL)
        self._start("xfce4-panel", "--disable-wm-check")
        self._wait_for_text(
            "HostRegistered = true",
            "gdbus introspect --session -p -d org.kde.StatusNotifierWatcher -o /StatusNotifierWatcher",
        )

    def start_compositor(self) -> None:
        """Start a Wayland compositor without a screen, on which programs open their windows from now on."""
        socket = "wayland-test"
        self._start("weston", "--backend=headless-backend.so", f"--socket={socket}", "--idle-time=0", "--no-config")
        wait_until((self.directory / "runtime" / socket).exists, "a Wayland compositor")
        self.environment |= {"WAYLAND_DISPLAY": socket, "QT_QPA_PLATFORM": "wayland", "XDG_SESSION_TYPE": "wayland"}

    def leave_bus(self, address: str | None) -> None:
        """Let programs find no session bus from now on: it is at `address`, where there is none, or at no address.

        Only a screen reader's bus they still find, as a desktop may tell them where it is without the other one.
        """
        question = "gdbus call --session -d org.a11y.Bus -o /org/a11y/bus -m org.a11y.Bus.GetAddress"
        found = re.search(r"'(.+)'", self.run(*question.split()))
        assert found is not None
        self.environment["AT_SPI_BUS_ADDRESS"] = found[1]
        elsewhere = self.directory / "elsewhere"  # the bus may also be found by the directory it is in
        elsewhere.mkdir(mode=0o700)
        self.environment["XDG_RUNTIME_DIR"] = str(elsewhere)
        del self.environment["DBUS_SESSION_BUS_ADDRESS"]
        if address is not None:
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = address

    def end(self, part: str) -> None:
        """End one part, such as the panel, as if it had crashed."""
        process = self._parts.pop(part)
        process.kill()
        process.wait(LIMIT_SECONDS)
        if process.stdin is not None:
            process.stdin.close()

    def stop(self) -> None:
        """End every program of this desktop."""
        for process in reversed(self._parts.values()):
            process.terminate()
        for process in self._parts.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3)
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in processes_of(self.directory):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            with contextlib.suppress(TimeoutError):
                wait_until(lambda: not processes_of(self.directory), "what D-Bus started", 3)
        for process in self._parts.values():
            process.wait(LIMIT_SECONDS)
            if process.stdin is not None:
                process.stdin.close()

    def _open(self, tray: Tray, keyring: Keyring) -> None:
        self._start_x()
        self._start_bus(keyring)
        if keyring in ("unlocked", "locked"):
            self._start_keyring(["--unlock"] if keyring == "unlocked" else [])
        (self.directory / "jwmrc").write_text(JWM.format(tray=JWM_TRAY if tray == "xembed" else ""))
        self._start("jwm", "-f", str(self.directory / "jwmrc"))
        self._wait_for_text("ATOM", "xprop -root _NET_SUPPORTED")
        if self._has_notifications:
            self._start("dunst")
            self.wait_for_name(NOTIFICATIONS)
        if tray == "sni":
            self.start_panel()

    def _start_x(self) -> None:
        cookie = os.urandom(16)
        name = b"MIT-MAGIC-COOKIE-1"
        entry = b"\xff\xff\0\0\0\0" + len(name).to_bytes(2) + name + len(cookie).to_bytes(2) + cookie
        (self.directory / "authority").write_bytes(entry)  # one entry, which fits every display number
        authority = str(self.directory / "authority")
        screen = [
            "-displayfd",
            "1",
            "-screen",
            "0",
            "{}x{}x24".format(*self.screen),
            "-noreset",
            "-nolisten",
            "tcp",
            "-auth",
        ]
        self._start("Xvfb", *screen, authority)
        log = self.directory / "log" / "Xvfb"
        wait_until(lambda: re.search(r"^\d+\n", log.read_text(), re.MULTILINE), "an X server")
        found = re.search(r"^(\d+)\n", log.read_text(), re.MULTILINE)
        assert found is not None
        self.environment["DISPLAY"] = f":{found[1]}"

    def _start_bus(self, keyring: Keyring) -> None:
        services = self.directory / "runtime" / "dbus-1" / "services"
        services.mkdir(parents=True)
        kind = "--session"
        if keyring == "broken":
            (services / "org.freedesktop.secrets.service").write_text(
                DOES_NOT_START.format(name="org.freedesktop.secrets")
            )
        if not self._has_notifications:
            (services / f"{NOTIFICATIONS}.service").write_text(DOES_NOT_START.format(name=NOTIFICATIONS))
        if keyring == "none":  # nor may one be started that is installed
            shutil.copy(Path("/usr/share/dbus-1/services", ACCESSIBILITY), services)
            configuration = self.directory / "bus.conf"
            configuration.write_text(BUS_WITHOUT_SERVICES.format(address=self.bus, services=services))
            kind = f"--config-file={configuration}"
        self._start("dbus-daemon", kind, "--nofork", "--address", self.bus)
        self.wait_for_name("org.freedesktop.DBus")

    def _start_keyring(self, options: list[str]) -> None:
        daemon = self._start("gnome-keyring-daemon", "--foreground", "--components=secrets", *options)
        assert daemon.stdin is not None
        daemon.stdin.write(PASSWORD.encode())
        daemon.stdin.close()
        self.wait_for_name("org.freedesktop.secrets")

    def wait_for_name(self, name: str) -> None:
        """Wait until somebody owns a name on the bus."""
        question = "gdbus call --session -d org.freedesktop.DBus -o / -m org.freedesktop.DBus.NameHasOwner"
        self._wait_for_text("true", f"{question} {name}")

    def _wait_for_text(self, text: str, command: str) -> None:
        def says() -> bool:
            done = subprocess.run(command.split(), env=self.environment, capture_output=True, text=True)
            return text in done.stdout

        wait_until(says, f"{text!r} from {command}")

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        log = self.directory / "log" / command[0]
        with log.open("wb") as output:
            process = subprocess.Popen(
                (*DIE_WITH_US, *command),
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._parts[command[0]] = process
        return process
