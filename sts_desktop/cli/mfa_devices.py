"""`mfa-devices`: the MFA devices of the user whose access key a profile uses."""

import argparse

from sts_desktop.cli import output
from sts_desktop.cli.context import Context, keyring_name
from sts_desktop.cli.waiting import told_of_keyring
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.profile import VaultKey
from sts_desktop.core.sts.mfa_devices import FidoDeviceError, MfaDevice, kind_word


def list_mfa_devices(options: argparse.Namespace, context: Context) -> None:
    """Ask AWS for the devices and print them, as a table or as JSON.

    Raises:
        StsDesktopError: there is no such profile, or no key; or AWS does not list them to this key, or was not reached.
    """
    services = context.open_services()
    profile = services.settings.load().profile_called(options.name)
    if isinstance(profile.source, VaultKey):
        keyring_name(services)
    with told_of_keyring():
        devices = services.device_lookup.devices(profile)
    if options.json:
        import json

        output.write(json.dumps([_document(device) for device in devices], indent=2) + "\n")
    elif devices:
        output.say(*output.aligned([_header(), *map(_row, devices)]))
        _say_what_to_do(devices)
    else:
        output.say(_("The user of this access key has no MFA device."))


def _say_what_to_do(devices: tuple[MfaDevice, ...]) -> None:
    usable = [device for device in devices if device.gives_codes]
    if not usable:
        error = FidoDeviceError()
        output.say(error.message, error.hint)
    elif len(usable) < len(devices):
        output.say(FidoDeviceError().message)


def _document(device: MfaDevice) -> dict[str, str | bool]:
    """Return a device for programs: the same in every language."""
    return {"serial": device.serial, "kind": device.kind.value, "gives_codes": device.gives_codes}


def _header() -> tuple[str, ...]:
    return (
        pgettext("heading of a table", "MFA DEVICE"),
        pgettext("heading of a table", "KIND"),
        pgettext("heading of a table", "GIVES CODES"),
    )


def _row(device: MfaDevice) -> tuple[str, ...]:
    return device.serial, kind_word(device.kind), _("yes") if device.gives_codes else _("no")
