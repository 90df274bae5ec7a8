"""The states of the window that are worth a picture, played for one theme and one language by `demo.gallery`.

`python -m sts_desktop.demo.scenes THEME LANGUAGE DIRECTORY`. The real window against the embedded STS; only time that
would have to pass is written into the files instead.
"""

import argparse
import gc
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sts_desktop.core import i18n
from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import SessionCredentials, last_four
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import AwsProfileKey, DefaultChain, EndpointChoice, Profile, new_id
from sts_desktop.core.services import Services
from sts_desktop.core.session_step import Step
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.sts.chain_errors import NoCredentialsInChainError
from sts_desktop.core.sts.default_chain import FoundKey
from sts_desktop.core.sts.endpoints import endpoint
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import demo_directory
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.palettes import PALETTES
from sts_desktop.demo.stage import MissingSceneError, Stage, opened, throwaway_home
from sts_desktop.demo.strip import DemoStrip
from sts_desktop.demo.window import demo_services
from sts_desktop.ui.application import make_application
from sts_desktop.ui.endpoint_check_dialog import EndpointCheckDialog

LONG_SECONDS = 600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Play all scenes and save their pictures; return 0 when each came about."""
    parser = argparse.ArgumentParser(prog="python -m sts_desktop.demo.scenes", description="Pictures of one variant.")
    parser.add_argument("theme", choices=sorted(PALETTES))
    parser.add_argument("language", choices=i18n.LANGUAGES)
    parser.add_argument("directory", type=Path)
    options = parser.parse_args(arguments)
    logging.getLogger().addHandler(logging.NullHandler())
    gc.disable()  # or the windows of scenes that are over are collected on whichever thread comes to it
    i18n.install(options.language)
    application = make_application()
    application.setPalette(PALETTES[options.theme]())
    try:
        with EmbeddedSts(demo_directory()) as server:
            for play in (_main_path, _default_chain, _every_phase, _endpoints):
                with throwaway_home() as home:
                    play(home, server, options.directory)
    except MissingSceneError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _main_path(home: Path, server: EmbeddedSts, directory: Path) -> None:
    """From the first run to a session that could not be renewed, and to the end of it."""
    with opened(demo_services(home, server), directory, is_demo=True) as stage:
        stage.desktop.window.add_strip(DemoStrip(server, stage.desktop.window.panel.form.type_code))
        stage.picture("01-first-run")
        stage.desktop.window.making.use_aws_keys()
        code = server.directory.current_code(_device(server))
        _get_token(stage, server, code)
        _hand_out(stage)
        server.control.set(Faults(region_disabled=True))
        _send(stage, _another(code, by=2))
        _wait_for_problem(stage, "a refused renewal")
        stage.picture("08-not-renewed")
        server.control.set(Faults())
        _test_and_end(stage)
        _delete(stage)


def _get_token(stage: Stage, server: EmbeddedSts, code: str) -> None:
    panel, sessions = stage.desktop.window.panel, stage.desktop.sessions
    panel.form.type_code(code)
    stage.picture("02-form")
    _send(stage, _another(code))
    _wait_for_problem(stage, "a code that AWS refuses")
    stage.picture("03-code-refused")
    server.control.set(Faults(delay_seconds=LONG_SECONDS))
    _send(stage, code)
    stage.wait(lambda: _step(stage) is Step.ASKING_STS, "the question to STS")
    stage.picture("04-asking")
    server.control.set(Faults())
    stage.settle(lambda: sessions.record(panel.profile_id).identity is not None, "a session")
    stage.picture("05-active")


def _hand_out(stage: Stage) -> None:
    sessions, profile_id, clipboard = stage.desktop.sessions, _shown(stage), stage.desktop.clipboard
    sessions.copy(profile_id)
    stage.settle(lambda: clipboard.seconds_left() > 0, "a copy")
    stage.picture("06-copied")
    clipboard.clear()
    sessions.write(profile_id)
    stage.settle(lambda: bool(sessions.record(profile_id).written), "a session in the file")
    stage.picture("07-written")


def _test_and_end(stage: Stage) -> None:
    sessions, profile_id = stage.desktop.sessions, _shown(stage)
    sessions.dismiss_problem(profile_id)
    sessions.test(profile_id, s3=True)
    stage.settle(lambda: sessions.notice(profile_id) is not None, "what AWS says to the session")
    stage.picture("09-tested")
    sessions.end(profile_id)
    stage.settle(lambda: not sessions.is_live(profile_id), "the end of the session")
    stage.picture("10-ended")


def _delete(stage: Stage) -> None:
    """Delete a profile whose session stands in the credentials file, of which there is most to say."""
    desktop = stage.desktop
    bob = next(profile.id for profile in desktop.profiles.settings.profiles if profile.name == "bob")
    desktop.window.list.select(bob)
    desktop.sessions.get_token(bob, "")
    stage.settle(lambda: desktop.sessions.is_live(bob), "a session of bob's")
    desktop.sessions.write(bob)
    stage.settle(lambda: bool(desktop.sessions.record(bob).written), "bob's session in the file")
    desktop.deletions.delete(bob)
    stage.settle(desktop.window.message_bar.undo.isVisible, "a deletion")
    stage.picture("11-deleted")
    desktop.window.search.setText("billing")
    stage.picture("12-nothing-found")


def _default_chain(home: Path, server: EmbeddedSts, directory: Path) -> None:
    """The default chain is chosen: for a person who has a key in the environment, and for one who has none."""

    def find_nothing() -> FoundKey:
        raise NoCredentialsInChainError

    services = demo_services(home, server)
    with opened(services, directory, is_demo=True) as stage:
        _choose_chain(stage)
        stage.settle(lambda: stage.desktop.keys.chain_key is not None, "a key in the chain")
        stage.picture("13-chain-found")
    with (
        throwaway_home() as other,
        opened(demo_services(other, server, default_chain=find_nothing), directory, is_demo=True) as stage,
    ):
        _choose_chain(stage)
        _wait_for_problem(stage, "a chain without a key")
        stage.picture("14-chain-empty")


def _choose_chain(stage: Stage) -> None:
    window = stage.desktop.window
    window.making.make()
    window.panel.take_source(DefaultChain())


def _every_phase(home: Path, server: EmbeddedSts, directory: Path) -> None:
    """A list with every state of a session, on a computer without a keyring."""
    services = demo_services(home, server)
    for name, region, left in (
        ("production", "ap-northeast-1", timedelta(hours=7)),
        ("staging", "eu-west-1", timedelta(minutes=4)),
        ("audit", "us-east-1", timedelta(hours=-2)),
        ("sandbox", "global", None),
        ("billing", "eu-central-1", None),
    ):
        profile = Profile(new_id(), name, AwsProfileKey("bob"), EndpointChoice(region))
        services.profiles.save(profile)
        if left is not None:
            _remember(services, profile, left)
    sandbox = services.settings.load().profile_called("sandbox")
    server.control.set(Faults(region_disabled=True))
    with suppress(StsDesktopError):
        services.sessions.get_token(sandbox)
    server.control.set(Faults())
    with opened(services, directory, is_demo=False) as stage:
        stage.desktop.window.list.select(services.settings.load().profile_called("audit").id)
        stage.picture("15-expired-and-memory-only")


def _endpoints(home: Path, server: EmbeddedSts, directory: Path) -> None:
    """The list of endpoints, and what came of asking them all."""
    services = demo_services(home, server)
    profile = Profile(new_id(), "work", AwsProfileKey("bob"), EndpointChoice("ap-northeast-1"))
    services.profiles.save(profile)
    services.settings.update(
        lambda settings: settings.with_favourite_endpoint(profile.endpoint, is_favourite=True).with_recent_endpoint(
            EndpointChoice("eu-west-1")
        )
    )
    with opened(services, directory, is_demo=False) as stage:
        field, endpoints = stage.desktop.window.panel.form.endpoint, stage.desktop.endpoints
        field.showPopup()
        popup = field.popup()
        stage.picture("16-endpoints", popup)
        field.hidePopup()
        dialog = EndpointCheckDialog(endpoints, profile.id, stage.desktop.window)
        dialog.open()
        stage.wait(lambda: not endpoints.is_busy, "an answer of each endpoint")
        server.control.set(Faults(region_disabled=True))
        endpoints.test_with_token(endpoint("eu-west-1"))
        stage.wait(lambda: not endpoints.is_busy, "a token refused")
        server.control.set(Faults())
        dialog.view.setCurrentIndex(dialog.sorted.index(0, 0))
        stage.picture("17-endpoints-checked", dialog)
        dialog.reject()


def _remember(services: Services, profile: Profile, left: timedelta) -> None:
    """Let `profile` have a session of twelve hours with that much of its life left, or that long past it."""
    expiration = utc_now().replace(microsecond=0) + left
    credentials = SessionCredentials("ASIAEXAMPLEDEMO2WXYZ", "made up", "made up", expiration)
    services.vault.store_session(profile.id, credentials)
    record = SessionRecord(expiration, expiration - timedelta(hours=12), 43_200, last_four(credentials.access_key_id))
    services.state.update(lambda state: state.with_session(profile.id, record))


def _send(stage: Stage, code: str) -> None:
    panel = stage.desktop.window.panel
    panel.form.type_code(code)
    panel.press_primary()


def _wait_for_problem(stage: Stage, what: str) -> None:
    stage.settle(lambda: stage.desktop.sessions.problem(_shown(stage)) is not None, what)


def _shown(stage: Stage) -> str:
    return stage.desktop.window.panel.profile_id


def _device(server: EmbeddedSts) -> str:
    return next(user.mfa.serial for user in server.directory.users if user.mfa)


def _another(code: str, *, by: int = 1) -> str:
    """Return a code that is not `code`, a different one for each `by`."""
    return f"{(int(code) + by) % 1_000_000:06}"


def _step(stage: Stage) -> Step | None:
    activity = stage.desktop.sessions.activity(_shown(stage))
    return activity.step if activity else None


if __name__ == "__main__":
    sys.exit(main())
