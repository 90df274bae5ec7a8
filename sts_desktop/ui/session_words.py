"""A session's state in words, for the head of the panel."""

from dataclasses import dataclass

from sts_desktop.core import renewal
from sts_desktop.core.duration import ROOT_SECONDS, format_duration, format_remaining
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile
from sts_desktop.core.renewal import Phase, phase_word
from sts_desktop.core.session_step import Step
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.sts.endpoint import CUSTOM_ID
from sts_desktop.ui.activities import Activity, Task
from sts_desktop.ui.duration_field import local_time
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.status_line import LOOKS, WORKING, Look


@dataclass(frozen=True)
class StatusWords:
    """What `StatusLine.tell` takes."""

    look: Look
    word: str
    detail: str
    part: float | None


def describe(profile: Profile, sessions: SessionStore) -> StatusWords:
    """Return how things stand with a profile's session now."""
    activity = sessions.activity(profile.id)
    if activity is not None and activity.is_shown:
        return _progress(profile, activity)
    record, now = sessions.record(profile.id), sessions.now()
    left, life = renewal.remaining(record, now), renewal.lifetime(record)
    part = left / life if life else float(bool(left))
    phase = sessions.phase(profile.id)
    if phase is Phase.FAILED and left:
        detail = _("the old session still works for {time}").format(time=format_remaining(left))
        return StatusWords(LOOKS[phase], _("Not renewed"), detail, part)
    return StatusWords(LOOKS[phase], phase_word(phase), _detail(phase, record, sessions), part)


def _progress(profile: Profile, activity: Activity) -> StatusWords:
    may_ask = _("it may ask for its password in a window of its own")
    match activity.task:
        case Task.GET_TOKEN:
            return _progress_of_token(profile, activity.step, may_ask)
        case Task.TEST:
            word, detail = _("Testing the session…"), ""
        case Task.END:
            word, detail = _("Forgetting the session…"), _("the keyring may ask for its password")
        case Task.WRITE:
            word, detail = _("Writing the session…"), _("the keyring may ask for its password")
        case Task.COPY:
            word, detail = _("Reading the session…"), _("the keyring may ask for its password")
    return StatusWords(WORKING, word, detail, None)


def _progress_of_token(profile: Profile, step: Step | None, may_ask: str) -> StatusWords:
    detail = ""
    match step:
        case Step.JOINING:
            word = _("Another STS Desktop is getting it…")
        case Step.CHECKING_STORAGE:
            word, detail = _("Checking the keyring…"), may_ask
        case Step.ASKING_STS:
            is_custom = profile.endpoint.id == CUSTOM_ID
            word = (_("Asking STS at {place}…") if is_custom else _("Asking STS in {place}…")).format(
                place=_place(profile)
            )
        case Step.STORING:
            word = _("Storing the session…")
        case _:
            word = _("Reading the access key…")
    return StatusWords(WORKING, word, detail, None)


def _detail(phase: Phase, record: SessionRecord, sessions: SessionStore) -> str:
    if record.expiration is None:
        return ""
    now = sessions.now()
    until = local_time(record.expiration, now)
    if phase is Phase.EXPIRED:
        return _("ended at {until}").format(until=until)
    if phase not in (Phase.ACTIVE, Phase.RENEW_SOON):
        return ""
    text = _("{time} left, until {until}").format(time=format_remaining(renewal.remaining(record, now)), until=until)
    if renewal.is_cut(record):
        wish = format_duration(record.requested_seconds)
        is_root = record.identity is not None and record.identity.is_root
        less = _("AWS gave less than the {wish} asked for")
        if is_root:
            less = _("AWS gave less than the {wish} asked for: root gets {limit}")
        text += " · " + less.format(wish=wish, limit=format_duration(ROOT_SECONDS))
    return text


def _place(profile: Profile) -> str:
    try:
        return profile.endpoint.resolve().place
    except StsDesktopError:
        return profile.endpoint.id


def short_state(profile: Profile, sessions: SessionStore) -> str:
    """Return how things stand with a profile's session in a word or two that stay true for a while."""
    record, phase = sessions.record(profile.id), sessions.phase(profile.id)
    if not sessions.is_live(profile.id) or record.expiration is None:
        return phase_word(phase)
    until = local_time(record.expiration, sessions.now())
    if phase is Phase.FAILED:
        return _("not renewed, until {time}").format(time=until)
    return _("until {time}").format(time=until)
