"""The window half of the demo: the program itself, in a throwaway home, against the embedded STS.

The person's own files, keyring and running program are not touched: every path is below a temporary directory, secrets
stay in memory, and each endpoint's address is replaced by the embedded server's.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from sts_desktop.core.atomic_file import replace_bytes
from sts_desktop.core.aws_files.locations import AwsFileLocations
from sts_desktop.core.i18n import _
from sts_desktop.core.paths import Paths, make_private_directory
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.default_chain import FoundKey, kind_of
from sts_desktop.core.vault.vault import memory_vault
from sts_desktop.demo.autoplay import Autoplay
from sts_desktop.demo.directory import Directory, demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.palettes import PALETTES
from sts_desktop.demo.strip import DemoStrip
from sts_desktop.ui.app import Desktop
from sts_desktop.ui.app import run as run_window
from sts_desktop.ui.application import display_problem

PICTURES = Path("build/demo")
REGION = "eu-central-1"

WITH_SERIAL = ("alice",)
"""Whose MFA device stands in the AWS files already; those of the others have to be looked up or typed."""


def run(arguments: Sequence[str]) -> int:
    """Run the demo and return its exit code.

    Where there is no display, or with `--autoplay`, it plays the main path by itself; the code is 0 only if all held.
    """
    options = _parser().parse_args(arguments)
    if display_problem(os.environ):
        options.autoplay = True
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_without_complaints_of_offscreen)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sts-desktop-demo-")))
        server = stack.enter_context(EmbeddedSts(demo_directory()))
        services = demo_services(home, server)

        def prepare(desktop: Desktop) -> None:
            if options.theme:
                QApplication.setPalette(PALETTES[options.theme]())
            desktop.window.setWindowTitle(_("Demo"))
            form = desktop.window.panel.form
            desktop.window.add_strip(DemoStrip(server, form.type_code, form.mfa_serial.currentText))
            if options.autoplay:
                Autoplay(desktop, server, services, options.pictures)

        return run_window(services, prepare=prepare, clean_up=stack.close, is_demo=True)


def demo_services(home: Path, server: EmbeddedSts, *, default_chain: Callable[[], FoundKey] | None = None) -> Services:
    """Return services that know nothing but `home` and `server`.

    Args:
        home: where all files are.
        server: stands in for AWS.
        default_chain: what the default credential provider chain gives; the key of a user without an MFA device, as if
            in variables of the environment, unless another is given. The person's own environment is never asked.
    """
    locations = AwsFileLocations(credentials=home / ".aws" / "credentials", config=home / ".aws" / "config")
    _write_aws_files(locations, server.directory)
    chain = default_chain or (lambda: FoundKey(server.directory.user("bob").access_key, kind_of("env")))
    return open_services(
        Paths(config=home / "config", state=home / "state", home=home),
        aws_locations=locations,
        vault=memory_vault(),
        sts=Sts(url_for=lambda _endpoint: server.url),
        default_chain=chain,
    )


def _write_aws_files(locations: AwsFileLocations, directory: Directory) -> None:
    """Give the demo's person the keys of the demo's users, as somebody has them who used the AWS CLI so far."""
    make_private_directory(locations.credentials.parent)
    keys, config = [], []
    for user in directory.users:
        if user.is_root:
            continue
        keys.append(
            f"[{user.name}]\n"
            f"aws_access_key_id = {user.access_key.access_key_id}\n"
            f"aws_secret_access_key = {user.access_key.secret_access_key}\n"
        )
        serial = f"mfa_serial = {user.mfa.serial}\n" if user.mfa and user.name in WITH_SERIAL else ""
        config.append(f"[profile {user.name}]\nregion = {REGION}\n{serial}")
    replace_bytes(locations.credentials, "\n".join(keys).encode())
    replace_bytes(locations.config, "\n".join(config).encode())


def _without_complaints_of_offscreen(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Pass on what Qt says, but for what the platform without a screen cannot do: nobody asked it to."""
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sts-desktop --demo", description=_("Try everything without an AWS account."))
    parser.add_argument("--autoplay", action="store_true", help=_("play the main path and end"))
    parser.add_argument("--pictures", type=Path, default=PICTURES, help=_("where --autoplay saves its pictures"))
    parser.add_argument("--theme", choices=sorted(PALETTES), help=_("a fixed theme instead of the desktop's"))
    return parser
