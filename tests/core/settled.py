"""What a process knows of all sessions, once it has looked at those that were being stored."""

from sts_desktop.core.sessions import Sessions
from sts_desktop.core.state import State


def settled(sessions: Sessions) -> State:
    """Settle what is unsure, as the window does, and return what is known then."""
    sessions.records.settle()
    return sessions.records.as_settled()
