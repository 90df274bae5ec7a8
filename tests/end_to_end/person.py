"""A person at the desktop: the program started, clicked, typed into and looked at as people do."""

import contextlib
import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import secretstorage
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]  # has no types

from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.paths import Paths
from sts_desktop.core.profile import AwsProfileKey, EndpointChoice, Profile
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.sts.endpoint import CUSTOM_ID
from sts_desktop.core.vault.item_names import ACCOUNT, service_name
from sts_desktop.core.vault.manifest import read_text
from sts_desktop.core.vault.records import parse_session, session_name
from sts_desktop.core.vault.vault import memory_vault
from sts_desktop.demo.embedded_sts import EmbeddedSts
from tests.end_to_end.accessible import Node
from tests.end_to_end.desktop_session import DIE_WITH_US, LIMIT_SECONDS, DesktopSession
from tests.end_to_end.traces import complaints, secrets_in
from tests.waiting import wait_until

PROGRAM = (sys.executable, "-P", "-m", "sts_desktop")


class Person:
    """Sits at one desktop session, and has the keys of demo users in their AWS files."""

    def __init__(self, desktop: DesktopSession, sts: EmbeddedSts) -> None:
        self.desktop = desktop
        self.sts = sts
        self._expected: list[str] = []
        self._expected_codes = {0, -signal.SIGKILL}  # a test kills, the program never does
        self._codes: list[str] = []
        self._programs: list[subprocess.Popen[bytes]] = []
        self._root: Node | None = None
        self._bus: Any = None

    # What they have

    @property
    def credentials_file(self) -> Path:
        """Their AWS credentials file."""
        return self.desktop.home / ".aws" / "credentials"

    def make_profile(self, name: str, user: str, **values: Any) -> Profile:
        """Give them the keys of a demo user, and a profile that uses them at the embedded STS."""
        key, mfa = self.sts.directory.user(user).access_key, self.sts.directory.user(user).mfa
        self.credentials_file.parent.mkdir(exist_ok=True)
        section = f"[{user}]\naws_access_key_id = {key.access_key_id}\n"
        with self.credentials_file.open("a+") as file:
            file.seek(0)
            if section not in file.read():
                file.write(f"{section}aws_secret_access_key = {key.secret_access_key}\n\n")
        wish = Profile(
            id="",
            name="",
            source=AwsProfileKey(user),
            endpoint=EndpointChoice(CUSTOM_ID, self.sts.url, "us-east-1"),
            mfa_serial=mfa.serial if mfa else "",
        )
        return self.services().profiles.create(name, Profile(**vars(wish) | values))

    def services(self) -> Services:
        """Their settings and files, seen from this process, which has not got their keyring."""
        locations = AwsFileLocations(self.credentials_file, self.credentials_file.with_name("config"))
        return open_services(self.paths, aws_locations=locations, vault=memory_vault())

    @property
    def paths(self) -> Paths:
        """Where the program keeps its own files for them."""
        return Paths.from_environment(self.desktop.environment)

    def key_in_keyring(self, profile: Profile) -> str:
        """Return the end of the key id of a session, as the keyring itself has it; empty when it has none.

        Asked of the keyring's service directly: what the program says of its own keyring proves nothing here. On one
        connection, for GNOME Keyring bears no quick coming and going (see `core.vault.secret_service_items`).
        """
        if self._bus is None:
            self._bus = open_dbus_connection(self.desktop.bus)
        collection = secretstorage.get_default_collection(self._bus)

        def get(name: str) -> str | None:
            with contextlib.suppress(secretstorage.ItemNotFoundException):  # replaced since it was found
                for item in collection.search_items({"service": service_name(name), "username": ACCOUNT}):
                    return str(item.get_secret().decode())
            return None

        text = read_text(get, session_name(profile.id))
        return parse_session(text).access_key_id[-4:] if text is not None else ""

    # What they do

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the program, and return at once."""
        with (self.desktop.directory / "log" / "sts-desktop").open("ab") as log:
            program = subprocess.Popen(
                (*DIE_WITH_US, *PROGRAM, *arguments), env=self.desktop.environment, stdout=log, stderr=log
            )
        self._programs.append(program)
        return program

    def command(self, *arguments: str, stdin: str | None = None) -> str:
        """Run a command of the program in another process, and return what it prints."""
        done = subprocess.run(
            (*PROGRAM, *arguments),
            env=self.desktop.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
        with (self.desktop.directory / "log" / "commands").open("a") as log:
            log.write(done.stderr)
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def click(self, name: str, role: str = "") -> None:
        """Click a widget by its name, with the mouse, once it stays where it is."""
        widget = self.screen.find(name, role)

        def is_pointed_at() -> bool:
            x, y = widget.middle
            self.desktop.run("xdotool", "mousemove", str(x), str(y))
            return widget.middle == (x, y)

        wait_until(is_pointed_at, f"{name!r} to stay in its place")
        self.desktop.run("xdotool", "click", "1")

    def press(self, *keys: str) -> None:
        """Press keys, as xdotool names them."""
        self.desktop.run("xdotool", "key", *keys)

    def type(self, text: str) -> None:
        """Type on the keyboard."""
        self.desktop.run("xdotool", "type", text)

    def fill_in(self, field: str, text: str) -> None:
        """Click a field by its name, and type into it."""
        self.click(field, "text")
        self.type(text)

    def code(self, user: str) -> str:
        """Read the code off a user's device."""
        mfa = self.sts.directory.user(user).mfa
        assert mfa is not None
        code = self.sts.directory.current_code(mfa.serial)
        self._codes.append(code)
        return code

    # What they see

    @property
    def screen(self) -> Node:
        """Everything that programs show."""
        if self._root is None:
            self._root = Node.desktop(self.desktop.bus)
        return self._root

    def sees(self, name: str, seconds: float = LIMIT_SECONDS) -> None:
        """Wait until something of this name is shown."""
        wait_until(lambda: self.screen.has(name), f"{name!r} on the screen", seconds)

    def sees_no_more(self, name: str) -> None:
        """Wait until nothing of this name is shown."""
        wait_until(lambda: not self.screen.has(name), f"{name!r} to leave the screen")

    def key_on_screen(self) -> str:
        """Return the end of the key id that the window shows, once it shows one."""
        found = re.search(r"key …(\w{4})", self.screen.find("key …").name)
        assert found is not None
        return found[1]

    def sees_what_the_keyring_has(self, profile: Profile) -> None:
        """Wait until the window shows the session that the keyring has."""
        kept = self.key_in_keyring(profile)
        assert kept, "the keyring has no session"
        wait_until(lambda: self.key_on_screen() == kept, f"the session …{kept} in the window")

    def notifications(self) -> list[str]:
        """Return the titles of the notifications that are or were shown, the last one first."""
        history = json.loads(self.desktop.run("dunstctl", "history"))
        return [entry["summary"]["data"] for group in history["data"] for entry in group]

    def shown_notifications(self) -> int:
        """Return how many notifications are shown now."""
        return int(self.desktop.run("dunstctl", "count", "displayed"))

    def told_on_the_desktop(self) -> str:
        """Return all that notifications said and that their daemon still knows, in its own form."""
        return str(json.loads(self.desktop.run("dunstctl", "history")))

    def sees_notification(self, title: str) -> None:
        """Wait until a notification is shown, and close it."""

        def is_there() -> bool:
            self.desktop.run("dunstctl", "close-all")
            return any(title in known for known in self.notifications())

        wait_until(is_there, f"a notification {title!r}")

    def states(self) -> dict[str, str]:
        """Return the state of each profile's session, as another process sees it."""
        return {entry["name"]: entry["state"] for entry in json.loads(self.command("list", "--json"))}

    # What remains

    def expects(self, part: str) -> None:
        """Let the program write lines with this in it: a warning that belongs to the test."""
        self._expected.append(part)

    def expects_code(self, code: int) -> None:
        """Let a program end with this exit code."""
        self._expected_codes.add(code)

    def bad_traces(self) -> list[str]:
        """Return what the program wrote and should not have: complaints that nobody expects, and secrets."""
        log = self.desktop.directory / "log"
        output = [file for file in (log / "sts-desktop", log / "commands") if file.exists()]
        kept = [file for place in (self.paths.config, self.paths.state) for file in place.rglob("*") if file.is_file()]
        return [
            *complaints(self.paths.log_file.parent.glob("*"), output, self._expected),
            *secrets_in([*output, *kept], self.sts.directory, self._codes),
        ]

    def leave(self) -> None:
        """End every program that was started, as the end of a desktop session does; each must have ended well."""
        for connection in (self._root, self._bus):
            if connection is not None:
                connection.close()
        for program in self._programs:
            if program.poll() is None:
                program.terminate()
        codes = [_ended(program) for program in self._programs]
        assert set(codes) <= self._expected_codes, f"exit codes: {codes}"


def _ended(program: subprocess.Popen[bytes]) -> int | None:
    """Return the exit code of a program that was told to end; None when it had to be killed."""
    try:
        return program.wait(LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait(LIMIT_SECONDS)
        return None
