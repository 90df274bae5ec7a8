"""`end` and `test`: what else can be done with the session of a profile."""

import argparse

from sts_desktop.cli import output
from sts_desktop.cli.context import Context, keyring_name
from sts_desktop.cli.errors import SessionStaysInFileError
from sts_desktop.cli.waiting import told_of_keyring
from sts_desktop.core.clock import rfc3339
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile
from sts_desktop.core.revocation import how_to_revoke
from sts_desktop.core.services import Services


def use_session(options: argparse.Namespace, context: Context) -> None:
    """End or test the session of a profile, as `options.command` says.

    Raises:
        StsDesktopError: the keyring did not forget the session; or there is none to test, or AWS did not accept it.
    """
    services = context.open_services()
    profile = services.settings.load().profile_called(options.name)
    keyring_name(services)
    if options.command == "end":
        _end(profile, services)
    else:
        _test(profile, services, s3=options.s3)


def _end(profile: Profile, services: Services) -> None:
    """Forget the session, here and in the credentials file, and say what that cannot do."""
    with told_of_keyring():
        ended = services.sessions.end(profile)
    if not ended.is_still_there:
        output.say(_("Nothing is kept of the session of “{name}” any more.").format(name=profile.name))
    path = services.paths.shown(services.aws_files.locations.credentials)
    for section in ended.removed_from:
        output.say(_("It was removed from section [{section}] of {path}.").format(section=section, path=path))
    if ended.until is not None:
        text = _("AWS accepts its credentials until {time} ({utc}), wherever else they are: nobody can recall them.")
        output.say(text.format(time=output.local_time(ended.until), utc=rfc3339(ended.until)), how_to_revoke())
    if ended.is_still_there:
        raise SessionStaysInFileError(ended.problem)
    if ended.problem:
        output.complain(ended.problem)


def _test(profile: Profile, services: Services, *, s3: bool) -> None:
    """Use the session once, and say whose it is and, if wished, how many buckets it can list."""
    with told_of_keyring():
        trial = services.sessions.test(profile, s3=s3)
    facts = [
        (_("Account"), trial.identity.account),
        (_("ARN"), trial.identity.arn),
        (_("User ID"), trial.identity.user_id),
    ]
    if s3:
        facts.append((_("Buckets"), trial.buckets_text))
    output.say(_("AWS accepts the session of “{name}”.").format(name=profile.name))
    output.say(*(f"  {line}" for line in output.aligned(facts)))
