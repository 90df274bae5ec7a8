"""What the tests of calls have in hand."""

import pytest

from sts_desktop.core.credentials import AccessKey


@pytest.fixture
def key() -> AccessKey:
    """A long-lived key."""
    return AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
