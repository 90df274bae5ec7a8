"""The switches of the embedded STS: which faults it has, set from this process or over the loopback interface."""

import json
import secrets
import threading
from dataclasses import asdict, dataclass, fields
from typing import Any

from sts_desktop.demo.faulty_answers import FaultyAnswer

TOKEN_SIZE = 720
"""How many characters a session token has. AWS's are about as long, and may be longer: "We strongly recommend that you
make no assumptions about the maximum size" (STS API reference, Credentials)."""

MAX_TOKEN_SIZE = 65_536


@dataclass(frozen=True)
class Faults:
    """What is wrong with the embedded STS; as it is made, nothing is.

    Attributes:
        delay_seconds: how long each answer is held back.
        silent: accepts connections and requests, and never answers.
        throttled: refuses each call because there are too many.
        clock_offset_seconds: how far its clock is ahead of ours; negative when behind.
        region_disabled: STS is switched off in this region for the account.
        token_size: the length of the session tokens it issues, in characters.
        answer: the wrong answer it gives instead of its own, if any.

    Raises:
        ValueError: a number is out of reach.
    """

    delay_seconds: float = 0
    silent: bool = False
    throttled: bool = False
    clock_offset_seconds: int = 0
    region_disabled: bool = False
    token_size: int = TOKEN_SIZE
    answer: FaultyAnswer | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.delay_seconds <= 3600:
            raise ValueError("delay_seconds must be 0 to 3600")
        if abs(self.clock_offset_seconds) > 10 * 366 * 86_400:
            raise ValueError("clock_offset_seconds must be within ten years")
        if not 1 <= self.token_size <= MAX_TOKEN_SIZE:
            raise ValueError(f"token_size must be 1 to {MAX_TOKEN_SIZE}")


class Control:
    """Holds the faults in force, and holds back the requests that they delay. Safe on any thread.

    Attributes:
        token: what a control call over HTTP has to show, so that a web page cannot make one.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._faults = Faults()
        self._stopped = False
        self._changed = threading.Condition()

    @property
    def faults(self) -> Faults:
        """The faults in force."""
        with self._changed:
            return self._faults

    def set(self, faults: Faults) -> None:
        """Put `faults` in force, instead of those that were; requests held back by a lifted one go on."""
        with self._changed:
            self._faults = faults
            self._changed.notify_all()

    def hold_back(self) -> bool:
        """Wait as long as the faults demand; return False when the server stops and nothing is to be answered."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not self._faults.silent)
            self._changed.wait_for(
                lambda: self._stopped or not self._faults.delay_seconds, timeout=self._faults.delay_seconds
            )
            return not self._stopped

    def stop(self) -> None:
        """Let go of every request that is held back, now and from here on; they are not answered."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()


def read_faults(text: bytes) -> Faults:
    """Return the faults that the JSON object `text` describes; fields that it leaves out are as when nothing is wrong.

    Raises:
        ValueError: it is no such object; the message says why.
    """
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError("a JSON object is needed")
    unknown = document.keys() - {field.name for field in fields(Faults)}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    for name, value in document.items():
        if type(value) not in _TYPES[name]:
            raise ValueError(f"{name} is of the wrong type")
    if document.get("answer") is not None:
        document["answer"] = FaultyAnswer(document["answer"])
    return Faults(**document)


def write_faults(faults: Faults) -> bytes:
    """Return `faults` as the JSON object that `read_faults` reads."""
    return json.dumps(asdict(faults)).encode()


# Exact types: JSON's true is no number.
_TYPES: dict[str, tuple[type[Any], ...]] = {
    "delay_seconds": (int, float),
    "silent": (bool,),
    "throttled": (bool,),
    "clock_offset_seconds": (int,),
    "region_disabled": (bool,),
    "token_size": (int,),
    "answer": (str, type(None)),
}
