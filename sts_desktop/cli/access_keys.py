"""`keys`: the access keys in the keyring."""

import argparse

from sts_desktop.cli import output, questions
from sts_desktop.cli.context import Context, keyring_name
from sts_desktop.cli.errors import AccessKeyNameHeldError, NoSuchAccessKeyError
from sts_desktop.cli.waiting import told_of_keyring
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.profile import check_name
from sts_desktop.core.sts.checks import check_access_key_id


def keys(options: argparse.Namespace, context: Context) -> None:
    """Add, remove or list access keys, as `options.action` says."""
    if options.action == "add":
        _add(options, context)
    elif options.action == "remove":
        _remove(options, context)
    else:
        _list(context)


def _add(options: argparse.Namespace, context: Context) -> None:
    from sts_desktop.core.access_keys import AccessKeyNameTakenError  # not needed to list the keys

    services = context.open_services()
    name = check_name(options.name)
    known = services.access_keys.called(name)
    if known is not None and not options.replace:  # before anybody types a secret
        raise AccessKeyNameHeldError(AccessKeyNameTakenError(known))
    keyring = keyring_name(services)
    key_id, secret = _typed_key(options.key_id)
    try:
        entry = services.access_keys.store(name, key_id, secret, replace=options.replace)
    except AccessKeyNameTakenError as error:  # while it was typed
        raise AccessKeyNameHeldError(error) from None
    output.say(
        _("The access key “{name}” (…{last_four}) is kept in {keyring}.").format(
            name=entry.name, last_four=entry.last_four, keyring=keyring
        )
    )


def _remove(options: argparse.Namespace, context: Context) -> None:
    services = context.open_services()
    entry = services.access_keys.called(options.name)
    if entry is None:
        raise NoSuchAccessKeyError(options.name)
    keyring = keyring_name(services)
    with told_of_keyring():
        services.access_keys.remove(entry)
    output.say(
        _("The access key “{name}” (…{last_four}) is no longer in {keyring}.").format(
            name=entry.name, last_four=entry.last_four, keyring=keyring
        ),
        _("AWS accepts it until it is made inactive or deleted there."),
    )


def _typed_key(key_id: str | None) -> tuple[str, str]:
    """Return id and secret, asked for on a terminal, or read from standard input; `key_id` when that is known."""
    if questions.somebody_is_there():
        if key_id is None:
            key_id = questions.ask(_("Access key id:"))
        check_access_key_id(key_id)
        return key_id, questions.ask_secretly(_("Secret access key:"))
    if key_id is None:
        key_id = questions.read_line()
    return key_id, questions.read_line()


def _list(context: Context) -> None:
    entries = context.records.settings.load().access_keys
    if not entries:
        output.say(_("There are no access keys yet; “sts-desktop keys add NAME” puts one into the keyring."))
        return
    header = (pgettext("heading of a table", "NAME"), pgettext("heading of a table", "KEY"))
    output.say(*output.aligned([header, *((entry.name, f"…{entry.last_four}") for entry in entries)]))
