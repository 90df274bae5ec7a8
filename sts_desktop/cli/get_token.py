"""`get-token` and `renew`: session credentials for a profile, which the options of `get-token` make or change."""

import argparse
from collections.abc import Iterator
from dataclasses import replace

from sts_desktop.cli import output, questions
from sts_desktop.cli.context import Context, keyring_name
from sts_desktop.cli.errors import MfaDeviceNotChosenError, NoTerminalForCodeError, SessionNotWrittenError
from sts_desktop.cli.profile_options import check, described
from sts_desktop.cli.profiles import endpoint_name
from sts_desktop.cli.waiting import told_of_keyring
from sts_desktop.core.clock import rfc3339
from sts_desktop.core.clock_words import clock_warning
from sts_desktop.core.credentials import last_four
from sts_desktop.core.duration import format_duration, format_remaining
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile, check_name, new_id
from sts_desktop.core.renewal import is_cut, remaining
from sts_desktop.core.services import Services
from sts_desktop.core.session_reach import what_it_can_call
from sts_desktop.core.settings import NoSuchProfileError
from sts_desktop.core.state import SessionRecord
from sts_desktop.core.sts.default_chain import FoundKey


def get_token(options: argparse.Namespace, context: Context) -> None:
    """Get a token, unless the profile's session is still alive, and say what there is now.

    Raises:
        StsDesktopError: a value is wrong, and nothing was saved; there is no keyring, and nothing was sent; or AWS, the
            network or the keyring failed, and a session from before is as it was.
    """
    services = context.open_services()
    before = _known_profile(options.name, services)
    profile = described(before or Profile(id=new_id(), name=check_name(options.name)), options, services)
    if options.default_chain:
        _tell_found_key(services.sessions.default_chain())
    keyring = _keyring_for(profile, options, services)
    if profile != before:
        services.profiles.save(profile, before)
    with told_of_keyring():
        live = _live_session(profile, services)
    if live is not None:
        output.say(_("“{name}” has a live session, so AWS was not asked.").format(name=profile.name))
        if before is not None and profile != before:
            output.say(_("What you changed counts from the next token on."))
        _tell(profile, live, services)
        return
    _fetch(profile, options, services, keyring)


def renew(options: argparse.Namespace, context: Context) -> None:
    """Get a token, whether or not the profile's session is still alive, and say what there is now.

    Raises:
        StsDesktopError: as `get_token` does; a session from before is as it was.
    """
    services = context.open_services()
    profile = services.settings.load().profile_called(options.name)
    check(profile)
    _fetch(profile, options, services, _keyring_for(profile, options, services))


def _keyring_for(profile: Profile, options: argparse.Namespace, services: Services) -> str:
    """Return the name of the keyring; raise before anything is saved where it or the MFA device is missing."""
    if options.token_code_stdin and not profile.mfa_serial:
        raise MfaDeviceNotChosenError
    return keyring_name(services)


def _fetch(profile: Profile, options: argparse.Namespace, services: Services, keyring: str) -> None:
    code = _token_code(profile, options)
    with told_of_keyring():
        services.sessions.get_token(profile, code)
    output.say(_("Got a token for “{name}”; it is kept in {keyring}.").format(name=profile.name, keyring=keyring))
    _tell(profile, services.sessions.identify(profile), services)


def _known_profile(name: str, services: Services) -> Profile | None:
    try:
        return services.settings.load().profile_called(name)
    except NoSuchProfileError:
        return None


def _live_session(profile: Profile, services: Services) -> SessionRecord | None:
    """Return what is known of the profile's session while it lives, or None. The keyring is asked: it is the truth."""
    credentials = services.vault.session(profile.id)
    if credentials is None or not credentials.remaining(services.now()):
        return None
    record = services.sessions.record(profile.id)
    if record.pending:  # a process ended while it stored this
        record = services.sessions.records.reconcile_one(profile.id)
    return replace(record, expiration=credentials.expiration, last_four=last_four(credentials.access_key_id))


def _token_code(profile: Profile, options: argparse.Namespace) -> str:
    if not profile.mfa_serial:
        return ""
    if options.token_code_stdin:
        return questions.read_line()
    if not questions.somebody_is_there():
        raise NoTerminalForCodeError
    return questions.ask(_("Code of {device}:").format(device=output.printable(profile.mfa_serial)))


def _tell_found_key(found: FoundKey) -> None:
    text = _("The default chain gives the access key …{last_four} ({kind}).")
    output.say(text.format(last_four=found.last_four, kind=found.kind))


def _tell(profile: Profile, record: SessionRecord, services: Services) -> None:
    output.say(*(f"  {line}" for line in output.aligned(list(_facts(profile, record, services)))))
    reach = what_it_can_call(record)
    if reach:
        output.say(reach)
    warning = clock_warning(services.now.skew())
    if warning:
        output.say(warning)
    if is_cut(record):
        wish = format_duration(record.requested_seconds)
        output.say(_("AWS gave less than the {wish} asked for.").format(wish=wish))
        if record.identity is not None and record.identity.is_root:
            output.say(_("The root user gets at most an hour."))
    problems = [written for written in record.written if written.problem]
    if problems:
        raise SessionNotWrittenError(problems)


def _facts(profile: Profile, record: SessionRecord, services: Services) -> Iterator[tuple[str, str]]:
    if record.expiration is not None:
        yield _("Expires"), f"{output.local_time(record.expiration)} ({rfc3339(record.expiration)})"
        yield _("Time left"), format_remaining(remaining(record, services.now()))
    yield _("Access key"), f"…{record.last_four}"
    yield _("Endpoint"), endpoint_name(profile.endpoint)
    if record.identity is not None:
        yield _("Account"), record.identity.account
        yield _("ARN"), record.identity.arn
    for written in record.written:
        if not written.problem:
            path = services.paths.shown(written.path)
            yield _("Written to"), _("section [{section}] of {path}").format(section=written.section, path=path)
