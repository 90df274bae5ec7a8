"""What is known of each session without its secrets, so that a list can be drawn with the keyring locked.

The vault is the truth; this is what was last seen of it. `Sessions.reconcile` compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from sts_desktop.core.credentials import CallerIdentity, MfaCode, SessionCredentials, last_four
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import AccessKeySource, AwsProfileKey, DefaultChain, Profile, VaultKey

CODE_MEMORY = timedelta(seconds=120)
"""How long a sent code is remembered: its own step of 30 s and the neighbours that servers accept (RFC 6238, 5.2)."""

OWN_KEYS = 1_000
"""How many keys written to files are remembered as ours."""


def digest(text: str) -> str:
    """Return what is stored to recognise `text` later without storing it."""
    import hashlib  # not needed to draw a list

    return hashlib.sha256(text.encode()).hexdigest()


def request_digest(profile: Profile) -> str:
    """Return what tells one request for a session from another: whose key, which endpoint, how long, which device."""
    return digest(repr((profile.source, profile.endpoint, profile.duration_seconds, profile.mfa_serial)))


def source_text(source: AccessKeySource | None) -> str:
    """Return what tells one source of access keys from another: no digest, which would cost the first paint 2 ms."""
    match source:
        case VaultKey(key_id):
            return f"vault {key_id}"
        case AwsProfileKey(profile_name):
            return f"aws_profile {profile_name}"
        case DefaultChain():
            return "default_chain"
        case None:
            return ""


@dataclass(frozen=True)
class Failure:
    """Why the last attempt for a profile failed, as it was told to the person."""

    title: str
    message: str
    hint: str
    at: datetime


@dataclass(frozen=True)
class Written:
    """A section of a credentials file that holds a profile's session.

    Attributes:
        section: its name.
        path: the file.
        problem: why the newest session is not in it; empty when it is.
        made: whether the section was made for it; one that was there before keeps its header when the session goes.
        still_there: why a session that was ended could not be taken out of it; empty otherwise.
        may_stay: the person wants it to stay there, although its profile is deleted.
    """

    section: str
    path: str
    problem: str = ""
    made: bool = False
    still_there: str = ""
    may_stay: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """Section and file: what makes this another place than others."""
        return self.section, self.path


@dataclass(frozen=True)
class SessionRecord:
    """One profile's session as last seen.

    Attributes:
        expiration: when STS said it ends (UTC); None without a session.
        issued: when it was obtained (UTC).
        requested_seconds: the duration asked for; 0 when it was left to AWS.
        last_four: the end of its access key id.
        identity: whose it is, once that was looked up.
        pending: a newer session was being stored, or this one forgotten; the vault knows whether it was.
        in_memory: it is in the memory of a running window, not in the keyring.
        written: where in credentials files it stands, the latest place last; each renewal goes to all of them.
        failure: why the last attempt failed; a session from before it may still be alive.
        earlier_until: when the last of those before it ends (UTC), if later than it; AWS accepts them all to their end.
        request: `request_digest` of the profile that it was got for.
        hides_kept: it is in memory, and the keyring, which was not used then, holds one from before.
        source: `source_text` of where its access key was from; empty where that is not known.
        with_mfa: whether it was got with the code of an MFA device, where `source` is known.
    """

    expiration: datetime | None = None
    issued: datetime | None = None
    requested_seconds: int = 0
    last_four: str = ""
    identity: CallerIdentity | None = None
    pending: bool = False
    in_memory: bool = False
    written: tuple[Written, ...] = ()
    failure: Failure | None = None
    earlier_until: datetime | None = None
    request: str = ""
    hides_kept: bool = False
    source: str = ""
    with_mfa: bool = False

    def caller(self, source: AccessKeySource | None) -> CallerIdentity | None:
        """Return whose access keys come from `source`, if this session shows that."""
        return self.identity if self.source and self.source == source_text(source) else None

    def is_of(self, credentials: SessionCredentials) -> bool:
        """Return whether this is what is known of these credentials."""
        return (self.expiration, self.last_four) == (credentials.expiration, last_four(credentials.access_key_id))

    @property
    def is_kept(self) -> bool:
        """Whether there is a session, and the keyring holds it."""
        return self.expiration is not None and not self.in_memory

    @property
    def accepted_until(self) -> datetime | None:
        """When AWS stops accepting the last of the profile's sessions, as far as that is known (UTC)."""
        return max((end for end in (self.expiration, self.earlier_until) if end is not None), default=None)

    def without_session(self) -> "SessionRecord":
        """Return this record without the session; where it was written and why it failed stay.

        So does until when AWS accepts what stands in files: nobody can recall it.
        """
        until = self.accepted_until if self.written else None
        return SessionRecord(written=self.written, failure=self.failure, earlier_until=until)

    def with_session_of(self, credentials: SessionCredentials) -> "SessionRecord":
        """Return this record for other credentials, in place of those before: they stand in no file yet."""
        ends = (self.expiration, self.earlier_until)
        return replace(
            self,
            expiration=credentials.expiration,
            earlier_until=max((end for end in ends if end and end > credentials.expiration), default=None),
            last_four=last_four(credentials.access_key_id),
            identity=None,  # looked up anew: the access key may be another one by now
            source="",
            with_mfa=False,
            pending=False,
            # A section that was to be cleared and could not be is none where it belongs.
            written=tuple(
                place if place.still_there else replace(place, problem=_("It was not written there yet."))
                for place in self.written
            ),
        )

    def written_at(self, place: tuple[str, str]) -> Written | None:
        """Return where it stands at `place`, or None."""
        return next((written for written in self.written if written.place == place), None)

    def stands_at(self, place: tuple[str, str]) -> bool:
        """Return whether the newest session stands at `place`: not one before it, nor one that was ended."""
        written = self.written_at(place)
        return written is not None and not (written.problem or written.still_there)

    def without_written(self, place: tuple[str, str]) -> "SessionRecord":
        """Return this record without the session standing at `place`."""
        return replace(self, written=tuple(written for written in self.written if written.place != place))

    def seen_from_elsewhere(self) -> "SessionRecord":
        """Return this record as another process has it: what is in a window's memory cannot be reached from there."""
        return self.without_session() if self.in_memory else self


@dataclass(frozen=True)
class SpentCode:
    """A token code that was sent; kept as a digest together with its device."""

    digest: str
    at: datetime


NO_SESSION = SessionRecord()
"""What is known where nothing is: made once, and not at each of the many looks."""


@dataclass(frozen=True)
class State:
    """All sessions, the codes sent lately, the keys written to files, and where STS is switched off.

    Attributes:
        sessions: by the id of their profile.
        spent_codes: the codes sent lately.
        own_keys: `digest` of the ids of the access keys that we wrote into AWS files, the latest last.
        switched_off: at which endpoints AWS said that the account has STS switched off, which only a request for a
            token can tell, and when; by the `source_text` of the access key, which stands for the account.
    """

    sessions: Mapping[str, SessionRecord] = field(default_factory=lambda: MappingProxyType({}))
    spent_codes: tuple[SpentCode, ...] = ()
    own_keys: tuple[str, ...] = ()
    switched_off: Mapping[str, Mapping[str, datetime]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def pending(self) -> frozenset[str]:
        """The profiles of which only the vault knows what session they have: one was being stored or forgotten."""
        return frozenset(profile_id for profile_id, record in self.sessions.items() if record.pending)

    def session(self, profile_id: str) -> SessionRecord:
        """Return what is known of a profile's session; an empty record when nothing is."""
        return self.sessions.get(profile_id, NO_SESSION)

    def with_session(self, profile_id: str, record: SessionRecord) -> "State":
        """Return this state with `record` for `profile_id`."""
        return self.with_sessions({profile_id: record})

    def with_sessions(self, records: Mapping[str, SessionRecord]) -> "State":
        """Return this state with `records`, by the id of their profile."""
        return replace(self, sessions=MappingProxyType({**self.sessions, **records}))

    def without_session(self, profile_id: str) -> "State":
        """Return this state without a session for `profile_id`.

        What was written into the credentials file stays known as ours, so that nobody is told it was somebody else's;
        and until when AWS accepts it.
        """
        gone = self.session(profile_id)
        others = {other: record for other, record in self.sessions.items() if other != profile_id}
        if gone.written:
            others[profile_id] = replace(gone.without_session(), failure=None)
        return replace(self, sessions=MappingProxyType(others))

    def without_failure(self, profile_id: str, seen: Failure) -> "State":
        """Return this state without why the last attempt for `profile_id` failed, if that still is `seen`."""
        record = self.session(profile_id)
        return self.with_session(profile_id, replace(record, failure=None)) if record.failure == seen else self

    def with_place(self, profile_id: str, written: Written) -> "State":
        """Return this state with `written` for `profile_id`, whatever other profiles have there."""
        record = self.session(profile_id).without_written(written.place)
        return self.with_session(profile_id, replace(record, written=(*record.written, written)))

    def with_written(self, profile_id: str, written: Written) -> "State":
        """Return this state with `written` for `profile_id`.

        A section holds one session: that of another profile is no longer in it, and no renewal puts it back there.
        """
        sessions = {other: record.without_written(written.place) for other, record in self.sessions.items()}
        return replace(self, sessions=MappingProxyType(sessions)).with_place(profile_id, written)

    def with_places_left(self, profile_id: str, *, may_stay: bool = True) -> "State":
        """Return this state with the person's wish that the session of `profile_id` stays in the files it is in.

        Args:
            profile_id: whose session.
            may_stay: False takes the wish back.
        """
        record = self.session(profile_id)
        left = tuple(replace(place, may_stay=may_stay) for place in record.written)
        return self.with_session(profile_id, replace(record, written=left)) if left else self

    def without_written(self, profile_id: str, written: Written) -> "State":
        """Return this state without the session of `profile_id` standing where `written` says."""
        record = self.session(profile_id).without_written(written.place)
        if record == SessionRecord(earlier_until=record.earlier_until):  # of a session that was forgotten before
            return replace(self, sessions=MappingProxyType({k: v for k, v in self.sessions.items() if k != profile_id}))
        return self.with_session(profile_id, record)

    def with_own_key(self, access_key_id: str) -> "State":
        """Return this state with a key that we write into an AWS file; the oldest of very many are forgotten."""
        others = tuple(known for known in self.own_keys if known != digest(access_key_id))
        return replace(self, own_keys=(*others, digest(access_key_id))[-OWN_KEYS:])

    def switched_off_for(self, source: AccessKeySource | None) -> Mapping[str, datetime]:
        """Return at which endpoints STS is switched off for the account of a key, and when that was learned."""
        return self.switched_off.get(source_text(source), {})

    def with_switched_off(self, source: AccessKeySource | None, endpoint_id: str, now: datetime) -> "State":
        """Return this state with STS switched off at an endpoint for the account of a key.

        Nothing is said of addresses of one's own, which all have one id.
        """
        from sts_desktop.core.sts.endpoint import CUSTOM_ID  # not needed to draw a list

        if endpoint_id == CUSTOM_ID:
            return self
        return self._with_learned(source, {**self.switched_off_for(source), endpoint_id: now})

    def with_switched_on(self, source: AccessKeySource | None, endpoint_id: str) -> "State":
        """Return this state with STS at an endpoint serving the account of a key, which it just did."""
        learned = self.switched_off_for(source)
        return self._with_learned(source, {other: at for other, at in learned.items() if other != endpoint_id})

    def without_learned(self, source: AccessKeySource) -> "State":
        """Return this state without what was learned of the account of a key: there is another one at that place."""
        return self._with_learned(source, {})

    def _with_learned(self, source: AccessKeySource | None, learned: Mapping[str, datetime]) -> "State":
        text = source_text(source)
        others = {other: known for other, known in self.switched_off.items() if other != text}
        return replace(self, switched_off=MappingProxyType({**others, text: learned} if learned else others))

    def seen_from_elsewhere(self) -> "State":
        """Return this state as a process has it that has just started."""
        sessions = {profile_id: record.seen_from_elsewhere() for profile_id, record in self.sessions.items()}
        return replace(self, sessions=MappingProxyType(sessions))

    def has_spent(self, mfa: MfaCode, now: datetime) -> bool:
        """Return whether this code of this device was sent lately."""
        wanted = _code_digest(mfa)
        return any(spent.digest == wanted and now - spent.at < CODE_MEMORY for spent in self.spent_codes)

    def with_spent_code(self, mfa: MfaCode, now: datetime) -> "State":
        """Return this state with the code marked as sent, and those no longer worth remembering dropped."""
        recent = tuple(spent for spent in self.spent_codes if now - spent.at < CODE_MEMORY)
        return replace(self, spent_codes=(*recent, SpentCode(_code_digest(mfa), now)))

    def without_spent_code(self, mfa: MfaCode) -> "State":
        """Return this state with the code unmarked: it was never sent."""
        unwanted = _code_digest(mfa)
        return replace(self, spent_codes=tuple(spent for spent in self.spent_codes if spent.digest != unwanted))


def _code_digest(mfa: MfaCode) -> str:
    return digest(f"{mfa.serial} {mfa.token_code}")
