"""What came of ending or testing a session, or of asking AWS something else, in words: more than a line, no error."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sts_desktop.core.clock_words import clock_warning
from sts_desktop.core.credentials import CallerIdentity
from sts_desktop.core.i18n import _, ngettext, sentences
from sts_desktop.core.revocation import how_to_revoke
from sts_desktop.core.sts.mfa_devices import FidoDeviceError
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
    """Return what is to be said about a session that was ended; what still stands in a file has a note of its own."""
    parts = [] if ended.is_still_there else [ended.problem]
    if ended.removed_from:
        sections = ", ".join(f"[{section}]" for section in ended.removed_from)
        parts.append(
            ngettext(
                "It was removed from section {sections} too.",
                "It was removed from the sections {sections} too.",
                len(ended.removed_from),
            ).format(sections=sections)
        )
    if ended.until is not None:
        until = _("AWS accepts its credentials until {time}, wherever else they are: nobody can recall them.")
        parts.append(until.format(time=local_time(ended.until, now)))
    paragraphs = [sentences(*parts), how_to_revoke() if ended.until is not None else ""]
    title = (
        _("The session is forgotten in the keyring only")
        if ended.is_still_there
        else _("The session is forgotten here")
    )
    return Notice(title, "\n".join(filter(None, paragraphs)))


def trial_notice(trial: "SessionTrial") -> Notice:
    """Return what is to be said about a session that was tried."""
    buckets = trial.buckets_refusal
    if trial.buckets is not None:
        buckets = ngettext("It can list {count} bucket.", "It can list {count} buckets.", trial.buckets).format(
            count=trial.buckets
        )
    arn = _("It belongs to {arn}.").format(arn=trial.identity.arn)
    return Notice(_("AWS accepts the session"), "\n".join(filter(None, (arn, buckets))))


def fido_notice() -> Notice:
    """Return what is to be said to a person who has nothing but passkeys."""
    error = FidoDeviceError()
    return Notice(error.title, f"{error.message}\n{error.hint}")


def clock_notice(ahead: timedelta) -> Notice | None:
    """Return what is to be said of a clock that AWS's is ahead of, if anything is."""
    warning = clock_warning(ahead)
    hint = _("Set it right, or switch on setting it automatically: other AWS tools go by this computer's.")
    return Notice(_("The clock of this computer is wrong"), sentences(warning, hint)) if warning else None


def owner_notice(before: CallerIdentity, now: CallerIdentity) -> Notice:
    """Return what is to be said about a session that belongs to somebody else than the one before it."""
    text = _("It belongs to {new}; the one before belonged to {old}. Where that was written, this one stands now.")
    return Notice(_("The session is another user's"), text.format(new=now.arn, old=before.arn))
