"""What came of ending or testing a session, in words: more than a line, and no error."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sts_desktop.core.i18n import _, sentences
from sts_desktop.core.revocation import how_to_revoke
from sts_desktop.ui.duration_field import local_time

if TYPE_CHECKING:
    from sts_desktop.core.session_trial import SessionTrial
    from sts_desktop.core.sessions import EndedSession


@dataclass(frozen=True)
class Notice:
    """A title and what is to be said below it."""

    title: str
    text: str


def end_notice(ended: "EndedSession", now: datetime) -> Notice:
    """Return what is to be said about a session that was ended."""
    parts = [ended.problem]
    if ended.removed_from:
        parts.append(_("It was removed from section [{section}] too.").format(section=ended.removed_from))
    if ended.until is not None:
        until = _("AWS accepts its credentials until {time}, wherever else they are: nobody can recall them.")
        parts += [until.format(time=local_time(ended.until, now)), how_to_revoke()]
    return Notice(_("The session is forgotten here"), sentences(*parts))


def trial_notice(trial: "SessionTrial") -> Notice:
    """Return what is to be said about a session that was tried."""
    arn = _("It belongs to {arn}.").format(arn=trial.identity.arn)
    return Notice(_("AWS accepts the session"), sentences(arn, trial.buckets_text))
