"""`keys`: an access key goes in, and only its end comes out."""

from typing import TYPE_CHECKING

import pytest

from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.profile import Profile, VaultKey
from sts_desktop.core.services import open_services
from sts_desktop.core.vault.errors import AccessKeyNotInVaultError
from sts_desktop.core.vault.vault import memory_vault

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def stored(command: "CommandLine", name: str) -> AccessKey:
    entry = command.services.access_keys.called(name)
    assert entry is not None
    return command.services.vault.access_key(entry.id)


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        ((), f"{KEY_ID}\n{SECRET}\n"),
        ((), f"  {KEY_ID}\r\n\t{SECRET}  "),
        (("--id", KEY_ID), f"{SECRET}\n"),
    ],
)
@pytest.mark.fault(7)
def test_reads_a_key_from_standard_input(command: "CommandLine", arguments: tuple[str, ...], stdin: str) -> None:
    outcome = command("keys", "add", "main", *arguments, stdin=stdin)

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "The access key “main” (…MPLE) is kept in Test Keyring.\n"
    assert stored(command, "main") == AccessKey(KEY_ID, SECRET)
    assert SECRET not in command.services.settings.path.read_text()
    assert KEY_ID not in command.services.settings.path.read_text()


def test_asks_on_a_terminal_with_the_secret_hidden(command: "CommandLine") -> None:
    questions = command.sit_down(KEY_ID, secret=SECRET)

    assert command("keys", "add", "main").code == 0
    assert questions == ["Access key id:", "Secret access key:"]
    assert stored(command, "main") == AccessKey(KEY_ID, SECRET)


def test_asks_for_the_secret_only_once_the_id_is_one(command: "CommandLine") -> None:
    questions = command.sit_down("not an id", secret=SECRET)

    assert command("keys", "add", "main").code == 1
    assert questions == ["Access key id:"]


@pytest.mark.fault(7)
@pytest.mark.fault(8)
@pytest.mark.parametrize(
    "stdin",
    [
        "",
        f"{KEY_ID}\n",
        f"{KEY_ID}\n\n",
        f"\n{SECRET}\n",
        f'"{KEY_ID}"\n{SECRET}\n',
        f"{KEY_ID}\n'{SECRET}'\n",
        f"{KEY_ID}\nwith a blank\n",
        f"ASIAIOSFODNN7EXAMPLE\n{SECRET}\n",
        f"{KEY_ID}\n{'x' * 10_000}\n",
    ],
)
def test_refuses_what_is_no_long_lived_key(command: "CommandLine", stdin: str) -> None:
    outcome = command("keys", "add", "main", stdin=stdin)

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert SECRET not in outcome.err
    assert command.services.settings.load().access_keys == ()


def test_a_key_is_not_lost_to_another_of_its_name(command: "CommandLine") -> None:
    command("keys", "add", "main", stdin=f"{KEY_ID}\n{SECRET}\n")

    outcome = command("keys", "add", "main", stdin=f"OTHERKEY\n{SECRET}x\n")

    assert outcome.code == 1
    assert "…MPLE" in outcome.err
    assert "--replace" in outcome.err
    assert stored(command, "main") == AccessKey(KEY_ID, SECRET)


def test_a_taken_name_is_told_before_a_secret_is_typed(command: "CommandLine") -> None:
    command("keys", "add", "main", stdin=f"{KEY_ID}\n{SECRET}\n")
    questions = command.sit_down("OTHERKEY", secret="other")

    assert command("keys", "add", "main").code == 1
    assert questions == []


def test_a_name_that_is_taken_meanwhile_is_told_the_same_way(
    command: "CommandLine", monkeypatch: pytest.MonkeyPatch
) -> None:
    def type_while_another_stores(_question: str) -> str:
        command.services.access_keys.store("main", KEY_ID, SECRET)
        return "other"

    command.sit_down("OTHERKEY")
    monkeypatch.setattr("sts_desktop.cli.questions.ask_secretly", type_while_another_stores)
    outcome = command("keys", "add", "main")

    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "--replace" in outcome.err
    assert stored(command, "main") == AccessKey(KEY_ID, SECRET)


def test_a_key_is_replaced_when_told(command: "CommandLine") -> None:
    command("keys", "add", "main", stdin=f"{KEY_ID}\n{SECRET}\n")

    assert command("keys", "add", "main", "--replace", stdin="OTHERKEY\nother\n").code == 0

    assert stored(command, "main") == AccessKey("OTHERKEY", "other")
    assert len(command.services.settings.load().access_keys) == 1


@pytest.mark.fault(23)
def test_without_a_keyring_nothing_is_asked(command: "CommandLine") -> None:
    questions = command.sit_down(KEY_ID, secret=SECRET)

    outcome = command("keys", "add", "main", services=open_services(vault=memory_vault()))

    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert questions == []


def test_list_shows_names_and_ends(command: "CommandLine") -> None:
    assert "keys add NAME" in command("keys", "list").out
    command("keys", "add", "本番", stdin=f"{KEY_ID}\n{SECRET}\n")

    assert command("keys", "list").out == "NAME  KEY\n本番  …MPLE\n"


def test_removes_a_key_that_nobody_uses(command: "CommandLine") -> None:
    command("keys", "add", "main", stdin=f"{KEY_ID}\n{SECRET}\n")
    entry = command.services.access_keys.called("main")
    assert entry is not None
    outcome = command("keys", "remove", "main")
    assert (outcome.code, outcome.err) == (0, "")
    assert "no longer in Test Keyring" in outcome.out
    assert "AWS accepts it until" in outcome.out
    assert command.services.access_keys.called("main") is None
    with pytest.raises(AccessKeyNotInVaultError):
        command.services.vault.access_key(entry.id)
    outcome = command("keys", "remove", "main")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "no access key" in outcome.err


def test_keeps_a_key_that_a_profile_uses(command: "CommandLine") -> None:
    command("keys", "add", "main", stdin=f"{KEY_ID}\n{SECRET}\n")
    entry = command.services.access_keys.called("main")
    assert entry is not None
    command.services.profiles.create("work", Profile(id="", name="", source=VaultKey(entry.id)))
    outcome = command("keys", "remove", "main")
    assert (outcome.code, outcome.out) == (1, "")
    assert "These profiles use it: work." in outcome.err
    assert stored(command, "main") == AccessKey(KEY_ID, SECRET)
