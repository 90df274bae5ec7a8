"""From a click to a token in the keyring, on the clipboard of another program, and in a file that boto3 reads."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.end_to_end.person import Person
from tests.waiting import wait_until

pytestmark = pytest.mark.desktop("Xvfb", "jwm", "dunst", "gnome-keyring-daemon", "xdotool", "xclip", "xprop", "gdbus")

BOTO3 = """
import boto3, sys
client = boto3.Session(profile_name="work").client("sts", region_name="us-east-1", endpoint_url=sys.argv[1])
print(client.get_caller_identity()["Arn"])
"""


@pytest.mark.parametrize(
    ("keyring", "place", "keep"),
    [
        ("unlocked", "kept in GNOME Keyring", "Keep in keyring"),
        ("none", "kept in memory until STS Desktop ends", "Keep in memory"),
    ],
)
def test_first_run_to_a_token_by_hand_and_nothing_prepared(
    sit_down: Callable[..., Person], keyring: str, place: str, keep: str
) -> None:
    person = sit_down(keyring=keyring)
    alice = person.sts.directory.user("alice")
    assert alice.mfa is not None
    person.start()
    person.sees("Get your first session token")
    person.sees(place)
    person.click("Enter an access key", "push button")
    person.sees(keep)
    person.fill_in("Access key ID", alice.access_key.access_key_id)
    person.fill_in("Secret access key", alice.access_key.secret_access_key)
    person.click(keep, "push button")

    person.click("sts.us-east-1.amazonaws.com", "combo box")
    person.type(person.sts.url)  # into the list that opens, which Qt, like all popups, leaves out of AT-SPI's tree
    person.press("Return")
    person.sees(f"{person.sts.url}   signed for us-east-1")
    person.click("MFA device", "combo box")
    person.type(alice.mfa.serial)
    person.fill_in("Code of", person.code("alice"))
    person.press("Return")
    person.sees("Active")
    (profile,) = person.services().settings.load().profiles
    if keyring == "unlocked":
        person.sees_what_the_keyring_has(profile)
    assert alice.mfa.serial in person.sts.directory._last_used_step, "no code was sent"
    assert not person.credentials_file.exists()


def test_token_by_clicks_is_in_keyring_clipboard_and_file(sit_down: Callable[..., Person]) -> None:
    person = sit_down()
    person.make_profile("work", "bob")
    program = person.start()
    person.click("Get token", "push button")
    person.sees("Renew")
    assert person.states() == {"work": "active"}
    exports = person.command("env", "work")  # out of the keyring, in another process
    assert "AWS_SESSION_TOKEN" in exports

    person.click("Copy as bash")
    person.sees("Copied.")
    pasted = person.desktop.run("xclip", "-selection", "clipboard", "-o")
    assert pasted.split() == exports.split()

    person.click("Write to [work]")
    person.sees("written to [work]")
    environment = person.desktop.environment | {"AWS_SHARED_CREDENTIALS_FILE": str(person.credentials_file)}
    done = subprocess.run(
        [sys.executable, "-c", BOTO3, person.sts.url], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip().endswith(":user/bob"), done.stderr

    person.press("ctrl+q")
    assert program.wait(30) == 0
    # Taken off the clipboard before the end.
    wait_until(
        lambda: (
            "AWS_SESSION_TOKEN"
            not in subprocess.run(
                ["xclip", "-selection", "clipboard", "-o"],
                env=person.desktop.environment,
                capture_output=True,
                text=True,
            ).stdout
        ),
        "an empty clipboard",
    )
