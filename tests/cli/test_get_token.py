"""Getting a token from the command line: what is kept, what is refused, and what is never asked twice."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.clock import CorrectedClock
from sts_desktop.core.services import Services, open_services
from sts_desktop.core.state_file import update_session
from sts_desktop.core.sts.endpoint import CUSTOM_ID
from sts_desktop.core.vault.vault import memory_vault
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer

if TYPE_CHECKING:
    from tests.cli.conftest import Clock, CommandLine

ALICE_PHONE = "arn:aws:iam::123456789012:mfa/alice-phone"


def issued(sts: EmbeddedSts) -> int:
    """Return how many sessions the embedded STS has issued."""
    return sum(holder.session is not None for holder in sts.directory._holders.values())


def write_aws_files(credentials: str, config: str = "") -> None:
    directory = Path.home() / ".aws"
    directory.mkdir()
    (directory / "credentials").write_text(credentials)
    (directory / "config").write_text(config)


def section_of(sts: EmbeddedSts, user: str, name: str) -> str:
    key = sts.directory.user(user).access_key
    return f"[{name}]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key}\n"


class TestNewProfile:
    def test_gets_a_token_and_says_what_it_is(self, command: "CommandLine", bob: Sequence[str]) -> None:
        outcome = command("get-token", "work", *bob, "--duration", "90m", "--work-region", "ap-northeast-1")

        assert (outcome.code, outcome.err) == (0, "")
        profile = command.services.settings.load().profile_called("work")
        credentials = command.services.sessions.credentials(profile)
        assert profile.duration_seconds == 5400
        assert profile.working_region == "ap-northeast-1"
        for fact in (
            "Test Keyring",
            "1 h 29 min",
            f"…{credentials.access_key_id[-4:]}",
            credentials.expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "123456789012",
            "arn:aws:iam::123456789012:user/bob",
        ):
            assert fact in outcome.out

    def test_says_no_secret(self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts) -> None:
        outcome = command("get-token", "work", *bob)

        profile = command.services.settings.load().profile_called("work")
        credentials = command.services.sessions.credentials(profile)
        log = command.services.paths.log_file.read_text()
        for secret in (
            credentials.access_key_id,
            credentials.secret_access_key,
            credentials.session_token,
            sts.directory.user("bob").access_key.secret_access_key,
        ):
            assert secret not in outcome.out + outcome.err + log

    def test_takes_any_name(self, command: "CommandLine", bob: Sequence[str]) -> None:
        for name in ("本番", "<img src=x>", "a b"):
            assert command("get-token", name, *bob).code == 0

        assert [entry["name"] for entry in command("list", "--json").json] == ["本番", "<img src=x>", "a b"]

    def test_finds_a_name_in_any_unicode_form(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "プロ", *bob)

        assert "live" in command("get-token", " フ\N{COMBINING KATAKANA-HIRAGANA SEMI-VOICED SOUND MARK}ロ").out
        assert len(command("list", "--json").json) == 1

    @pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[31m", "x" * 81, "\u202eevil"])
    def test_refuses_a_name_that_nobody_could_read(self, command: "CommandLine", bob: Sequence[str], name: str) -> None:
        outcome = command("get-token", name, *bob)

        assert outcome.code == 1
        assert outcome.err.startswith("sts-desktop: This name cannot be used.")
        assert command.services.settings.load().profiles == ()

    def test_needs_an_access_key(self, command: "CommandLine") -> None:
        outcome = command("get-token", "work")

        assert outcome.code == 1
        assert "--access-key" in outcome.err
        assert "--aws-profile" in outcome.err
        assert command.services.settings.load().profiles == ()


class TestOptions:
    @pytest.mark.fault(5)
    @pytest.mark.parametrize("duration", ["899", "129601", "0", "-1", "1e9", "", "soon", "25x"])
    def test_a_duration_out_of_range_saves_nothing(
        self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts, duration: str
    ) -> None:
        outcome = command("get-token", "work", *bob, f"--duration={duration}")

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert "36 hours" in outcome.err
        assert command.services.settings.load().profiles == ()
        assert issued(sts) == 0

    @pytest.mark.parametrize(
        ("options", "complaint"),
        [
            (("--region", "ap-northeast-9"), "ap-northeast-"),
            (("--endpoint-url", "http://sts.example.com"), "this computer only"),
            (("--endpoint-url", "https://user@sts.example.com"), "without a user"),
            (("--endpoint-url", "https://sts.example.com", "--region", "global"), "signing region"),
            (("--work-region", "Tokyo\n[x]"), "--work-region"),
            (("--mfa-serial", "arn:aws:iam::123456789012:user/x"), ":mfa/"),
            (("--mfa-serial", "x" * 257), "9 to 256"),
            (("--access-key", "nobody"), "“nobody”"),
        ],
    )
    def test_one_wrong_value_saves_none_of_them(
        self, command: "CommandLine", bob: Sequence[str], options: Sequence[str], complaint: str
    ) -> None:
        command("get-token", "work", *bob)
        before = command.services.settings.load()

        outcome = command("get-token", "work", "--duration", "1h", *options)

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert complaint in outcome.err
        assert command.services.settings.load() == before

    def test_change_what_is_given_and_nothing_else(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "work", *bob, "--work-region", "eu-west-1")
        before = command.services.settings.load().profile_called("work")

        outcome = command("get-token", "work", "--duration", "1h")

        assert "next token" in outcome.out
        assert command.services.settings.load().profiles == (replace(before, duration_seconds=3600),)

    def test_leave_alone_what_a_window_changes_meanwhile(
        self, command: "CommandLine", bob: Sequence[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        command("get-token", "work", *bob)
        before = command.services.settings.load().profile_called("work")

        def name_while_a_window_saves(services: Services) -> str:
            services.profiles.save(replace(before, working_region="eu-west-1"))
            return "Test Keyring"

        monkeypatch.setattr("sts_desktop.cli.get_token.keyring_name", name_while_a_window_saves)
        assert command("get-token", "work", "--duration", "1h").code == 0

        merged = replace(before, working_region="eu-west-1", duration_seconds=3600)
        assert command.services.settings.load().profiles == (merged,)

    def test_can_take_away(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "work", *bob, "--work-region", "eu-west-1")
        assert command("get-token", "work", "--mfa-serial", ALICE_PHONE).code == 0

        assert command("get-token", "work", "--mfa-serial", "", "--work-region", "none").code == 0

        profile = command.services.settings.load().profile_called("work")
        assert (profile.mfa_serial, profile.working_region) == ("", "")

    def test_region_picks_the_endpoint(self, command: "CommandLine", bob: Sequence[str]) -> None:
        command("get-token", "work", *bob)

        for region in ("ap-northeast-1", "global"):
            assert command("get-token", "work", "--region", region).code == 0
            assert command.services.settings.load().profile_called("work").endpoint.id == region

    def test_an_address_of_ones_own_is_signed_for_the_region_named_or_known(
        self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts
    ) -> None:
        signing_regions = []
        for options in ((), ("--region", "eu-west-1"), ("--endpoint-url", sts.url)):
            url = ("--endpoint-url", sts.url)
            command("get-token", "work", *bob, *url, *options)
            choice = command.services.settings.load().profile_called("work").endpoint
            assert (choice.id, choice.url) == (CUSTOM_ID, sts.url)
            signing_regions.append(choice.signing_region)

        assert signing_regions == ["us-east-1", "eu-west-1", "eu-west-1"]

    def test_an_address_after_a_region_is_signed_for_that_region(
        self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts
    ) -> None:
        command("get-token", "work", *bob)
        command("get-token", "work", "--region", "ap-northeast-1")

        command("get-token", "work", "--endpoint-url", sts.url)

        assert command.services.settings.load().profile_called("work").endpoint.signing_region == "ap-northeast-1"


class TestAwsProfile:
    def test_fills_in_what_it_says(self, command: "CommandLine", sts: EmbeddedSts) -> None:
        write_aws_files(section_of(sts, "bob", "main"), "[profile main]\nregion = eu-west-1\nduration_seconds = 3600\n")

        outcome = command("get-token", "work", "--aws-profile", "main", "--endpoint-url", sts.url)

        assert outcome.code == 0, outcome.err
        profile = command.services.settings.load().profile_called("work")
        assert (profile.working_region, profile.duration_seconds) == ("eu-west-1", 3600)
        assert profile.endpoint.signing_region == "eu-west-1"

    def test_an_option_stands_above_it(self, command: "CommandLine", sts: EmbeddedSts) -> None:
        write_aws_files(section_of(sts, "bob", "main"), "[profile main]\nregion = eu-west-1\nduration_seconds = 3600\n")

        command(
            "get-token", "work", "--aws-profile", "main", "--endpoint-url", sts.url,
            "--duration", "12h", "--work-region", "none", "--region", "us-west-2",
        )  # fmt: skip

        profile = command.services.settings.load().profile_called("work")
        assert (profile.working_region, profile.duration_seconds) == ("", 43_200)
        assert profile.endpoint.signing_region == "us-west-2"

    @pytest.mark.parametrize(
        ("section", "complaint"),
        [
            ("[other]\n", "no profile “main”"),
            ("[main]\nregion = eu-west-1\n", "no access key"),
            ("[main]\naws_access_key_id = ASIAX\naws_secret_access_key = y\n", "keys of a session"),
        ],
    )
    @pytest.mark.fault(8)
    def test_without_a_long_lived_key_makes_no_profile(
        self, command: "CommandLine", section: str, complaint: str
    ) -> None:
        write_aws_files(section)

        outcome = command("get-token", "work", "--aws-profile", "main")

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert complaint in outcome.err
        assert command.services.settings.load().profiles == ()

    def test_works_without_any_aws_file(self, command: "CommandLine") -> None:
        outcome = command("get-token", "work", "--aws-profile", "main")

        assert outcome.code == 1
        assert "no profile “main”" in outcome.err

    @pytest.mark.fault(43)
    def test_the_environment_and_a_broken_config_bend_nothing(
        self, command: "CommandLine", bob: Sequence[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_aws_files("[x]\n", "[profile broken\nregion")
        monkeypatch.setenv("AWS_PROFILE", "ghost")
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        monkeypatch.setenv("AWS_STS_REGIONAL_ENDPOINTS", "legacy")

        assert command("get-token", "work", *bob).code == 0


class TestLiveSession:
    def test_is_reported_without_a_call(self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts) -> None:
        command("get-token", "work", *bob)
        sts.stop()

        outcome = command("get-token", "work")

        assert outcome.code == 0
        expiration = command("list", "--json").json[0]["expiration"]
        assert expiration in outcome.out
        assert "user/bob" in outcome.out

    def test_that_ended_is_replaced(
        self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts, clock: "Clock"
    ) -> None:
        command("get-token", "work", *bob, "--duration", "15m")
        clock.advance(minutes=16)

        command("get-token", "work")

        assert issued(sts) == 2

    def test_is_what_the_keyring_says(self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts) -> None:
        command("get-token", "work", *bob)
        profile = command.services.settings.load().profile_called("work")
        command.services.vault.forget_session(profile.id)

        command("get-token", "work")

        assert issued(sts) == 2

    def test_is_known_after_a_crash_between_keyring_and_state(
        self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts
    ) -> None:
        command("get-token", "work", *bob)
        profile = command.services.settings.load().profile_called("work")
        update_session(command.services.state, profile.id, pending=True, expiration=None, last_four="")

        command("get-token", "work")

        assert issued(sts) == 1
        assert command("list", "--json").json[0]["state"] == "active"


class TestCode:
    def test_comes_from_standard_input(self, command: "CommandLine", alice: Sequence[str], sts: EmbeddedSts) -> None:
        code = sts.directory.current_code(ALICE_PHONE)

        outcome = command("get-token", "work", *alice, "--token-code-stdin", stdin=f" {code[:3]} {code[3:]}\r\n")

        assert (outcome.code, outcome.err) == (0, "")
        assert code not in outcome.out

    def test_is_asked_for_on_a_terminal(self, command: "CommandLine", alice: Sequence[str], sts: EmbeddedSts) -> None:
        questions = command.sit_down(sts.directory.current_code(ALICE_PHONE))

        assert command("get-token", "work", *alice).code == 0
        assert questions == [f"Code of {ALICE_PHONE}:"]

    def test_without_anybody_to_ask_is_one_line(
        self, command: "CommandLine", alice: Sequence[str], sts: EmbeddedSts
    ) -> None:
        outcome = command("get-token", "work", *alice)

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert "--token-code-stdin" in outcome.err
        assert issued(sts) == 0

    @pytest.mark.fault(1)
    @pytest.mark.parametrize("text", ["", "\n", "12345\n", "1234567\n", "abcdef\n", "١٢٣٤٥٦\n", "1" * 9999])
    def test_of_another_form_is_not_sent(
        self, command: "CommandLine", alice: Sequence[str], sts: EmbeddedSts, text: str
    ) -> None:
        outcome = command("get-token", "work", *alice, "--token-code-stdin", stdin=text)

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert "six digits" in outcome.err
        assert command("list", "--json").json[0]["state"] == "none"

    @pytest.mark.fault(2)
    def test_that_is_wrong_is_said_and_remembered(
        self, command: "CommandLine", alice: Sequence[str], sts: EmbeddedSts
    ) -> None:
        code = sts.directory.current_code(ALICE_PHONE)
        wrong = str((int(code) + 1) % 10**6).zfill(6)

        outcome = command("get-token", "work", *alice, "--token-code-stdin", stdin=wrong)

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert wrong not in outcome.err
        [entry] = command("list", "--json").json
        assert entry["state"] == "failed"
        assert entry["failure"]
        assert entry["expiration"] is None

    @pytest.mark.fault(2)
    def test_is_never_sent_twice(self, command: "CommandLine", alice: Sequence[str], sts: EmbeddedSts) -> None:
        code = sts.directory.current_code(ALICE_PHONE)
        command("get-token", "work", *alice, "--token-code-stdin", stdin=code)

        outcome = command("get-token", "again", *alice, "--token-code-stdin", stdin=code)

        assert outcome.code == 1
        assert "used already" in outcome.err

    @pytest.mark.fault(4)
    def test_of_another_users_device(self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts) -> None:
        code = sts.directory.current_code(ALICE_PHONE)

        outcome = command("get-token", "w", *bob, "--mfa-serial", ALICE_PHONE, "--token-code-stdin", stdin=code)

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)

    def test_without_a_device_is_not_sent(self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts) -> None:
        outcome = command("get-token", "work", *bob, "--token-code-stdin", stdin="123456")

        assert outcome.code == 1
        assert "--mfa-serial" in outcome.err
        assert issued(sts) == 0


class TestFault:
    @pytest.fixture
    def failing(self, command: "CommandLine", bob: Sequence[str]) -> Sequence[str]:
        return "get-token", "work", *bob

    @pytest.mark.fault(9)
    def test_inactive_key(self, command: "CommandLine", sts: EmbeddedSts) -> None:
        key = sts.directory.user("carol").access_key
        command("keys", "add", "carol", stdin=f"{key.access_key_id}\n{key.secret_access_key}\n")

        outcome = command("get-token", "work", "--access-key", "carol", "--endpoint-url", sts.url)

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert command.services.access_keys.called("carol") is not None

    def test_wrong_secret_and_unknown_key(self, command: "CommandLine", sts: EmbeddedSts) -> None:
        bob_id = sts.directory.user("bob").access_key.access_key_id
        for name, key_id in (("wrong", bob_id), ("unknown", "AKIAEXAMPLENOBODY000")):
            command("keys", "add", name, stdin=f"{key_id}\nnot+the+secret\n")

            outcome = command("get-token", name, "--access-key", name, "--endpoint-url", sts.url)

            assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
            assert "not+the+secret" not in outcome.err

    @pytest.mark.fault(12)
    def test_nobody_listens(self, command: "CommandLine", failing: Sequence[str], sts: EmbeddedSts) -> None:
        sts.stop()

        outcome = command(*failing)

        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert command("list", "--json").json[0]["state"] == "failed"

    @pytest.mark.fault(10)
    def test_clock_is_off(self, command: "CommandLine", failing: Sequence[str], sts: EmbeddedSts) -> None:
        sts.control.set(Faults(clock_offset_seconds=1200))

        outcome = command(*failing)

        assert outcome.code == 1
        assert "clock" in outcome.err

    @pytest.mark.fault(10)
    @pytest.mark.parametrize(("seconds", "word"), [(240, "4 min slow"), (-240, "4 min fast")])
    def test_clock_is_off_by_less_than_aws_refuses(
        self,
        command: "CommandLine",
        bob: Sequence[str],
        sts: EmbeddedSts,
        monkeypatch: pytest.MonkeyPatch,
        seconds: int,
        word: str,
    ) -> None:
        sts.control.set(Faults(clock_offset_seconds=seconds))
        # As AWS itself would have taught; who answers over plain http is on this computer, and teaches nothing.
        monkeypatch.setattr(CorrectedClock, "skew", lambda _clock: timedelta(seconds=seconds))

        outcome = command("get-token", "work", *bob, "--duration", "90m")

        assert outcome.code == 0
        assert word in outcome.out
        assert "1 h 29 min" in outcome.out
        assert "AWS gave less" not in outcome.out

    @pytest.mark.fault(14)
    @pytest.mark.fault(18)
    @pytest.mark.parametrize("answer", ["captive-portal", "empty", "cut-off", "no-credentials", "bad-date", "redirect"])
    def test_an_answer_that_is_none_stores_nothing(
        self, command: "CommandLine", failing: Sequence[str], sts: EmbeddedSts, answer: str
    ) -> None:
        sts.control.set(Faults(answer=FaultyAnswer(answer)))

        outcome = command(*failing)

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert "<" not in outcome.err
        [profile] = command.services.settings.load().profiles
        assert command.services.vault.session(profile.id) is None

    @pytest.mark.fault(23)
    def test_no_keyring_is_said_before_anything_is_saved_or_sent(
        self, command: "CommandLine", bob: Sequence[str], sts: EmbeddedSts
    ) -> None:
        services = open_services(vault=memory_vault())

        outcome = command("get-token", "work", *bob, services=services)

        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert "keyring" in outcome.err
        assert issued(sts) == 0
        assert services.settings.load().profiles == ()

    @pytest.mark.fault(6)
    def test_root_gets_an_hour(self, command: "CommandLine", sts: EmbeddedSts) -> None:
        key = sts.directory.user("root").access_key
        command("keys", "add", "root", stdin=f"{key.access_key_id}\n{key.secret_access_key}\n")

        outcome = command("get-token", "r", "--access-key", "root", "--endpoint-url", sts.url, "--duration", "36h")

        assert outcome.code == 0
        assert "AWS gave less than the 1 d 12 h asked for." in outcome.out
        assert "root user" in outcome.out

    def test_a_failed_attempt_leaves_nothing_half_way(
        self, command: "CommandLine", failing: Sequence[str], sts: EmbeddedSts
    ) -> None:
        sts.control.set(Faults(region_disabled=True))
        assert command(*failing).code == 1
        sts.control.set(Faults())

        outcome = command("get-token", "work")

        assert outcome.code == 0
        [entry] = command("list", "--json").json
        assert (entry["state"], entry["failure"]) == ("active", None)


@pytest.mark.expects_warnings
def test_a_session_that_could_not_be_written_again_is_kept_and_told(
    command: "CommandLine", bob: Sequence[str], clock: "Clock"
) -> None:
    command("get-token", "work", *bob, "--duration", "15m")
    assert command("write", "work").code == 0
    file = Path.home() / ".aws" / "credentials"
    file.write_text(file.read_text() + "[work]\n")
    clock.advance(minutes=16)

    outcome = command("get-token", "work")

    assert outcome.code == 1
    assert "The fresh session is in the keyring, but [work] still has the one before." in outcome.err
    assert outcome.err.count("\n") == 1
    assert "Written to" not in outcome.out


def test_the_log_is_the_owners_alone(command: "CommandLine", services: Services, bob: Sequence[str]) -> None:
    command("get-token", "work", *bob)

    assert services.paths.log_file.stat().st_mode & 0o077 == 0
    assert json.loads(services.settings.path.read_text())["profiles"][0]["name"] == "work"
