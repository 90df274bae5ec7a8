"""How far getting a token has come; apart from the work itself, for those who only show it."""

from collections.abc import Callable
from enum import Enum


class Step(Enum):
    """Where getting a token has come to."""

    JOINING = "joining"
    READING_KEY = "reading key"
    CHECKING_STORAGE = "checking storage"
    ASKING_STS = "asking sts"
    STORING = "storing"


Report = Callable[[Step], None]
