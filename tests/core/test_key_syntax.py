"""Whoever looks at a key, what is sent and what stands in files, takes the same for one."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from sts_desktop.core.aws_files.access_keys import long_lived_key
from sts_desktop.core.aws_files.keys import session_values
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.sts.checks import check_access_key_id, check_secret_access_key


def typed(key_id: str, secret: str) -> object:
    return check_access_key_id(key_id), check_secret_access_key(secret)


def in_an_aws_profile(key_id: str, secret: str) -> object:
    return long_lived_key("work", {"aws_access_key_id": key_id, "aws_secret_access_key": secret})


def written(key_id: str, secret: str) -> object:
    return session_values(SessionCredentials(key_id, secret, "token", datetime(2030, 1, 1, tzinfo=UTC)), None)


each_look = pytest.mark.parametrize("look", [typed, in_an_aws_profile, written])


@each_look
@pytest.mark.parametrize(
    ("key_id", "secret"),
    [
        ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("test", "test"),
        ("key_of_a_stand_in", "chosen-by_a+person/=="),
        ("A" * 128, "s" * 256),
    ],
)
def test_a_key(look: Callable[[str, str], object], key_id: str, secret: str) -> None:
    look(key_id, secret)


@each_look
@pytest.mark.parametrize(
    ("key_id", "secret"),
    [
        ("AKIA-X", "secret"),
        ("AKIA/X", "secret"),
        ("A" * 129, "secret"),
        ("AKIAX", "s" * 257),
        ("AKIAX", "se.cret"),
        ("AKIAX", "se cret"),
        ("AKIAX", "sécret"),
        ("AKIAX", "se#cret"),
    ],
)
def test_no_key(look: Callable[[str, str], object], key_id: str, secret: str) -> None:
    with pytest.raises(StsDesktopError):
        look(key_id, secret)
