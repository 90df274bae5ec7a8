"""What can go wrong with the keyring, one class per cause a person can act on.

None of these carries text of a library, of a file or of the environment: a keyring library may quote the value it was
given.
"""

from sts_desktop.core.errors import Field, StsDesktopError
from sts_desktop.core.i18n import _


class VaultError(StsDesktopError):
    """The vault could not do what was asked; what it held before is still whole."""


class KeyringLockedError(VaultError):
    """The keyring is locked and was not unlocked: its window was dismissed, or none could be shown."""

    def __init__(self) -> None:
        super().__init__(
            _("The keyring is locked"),
            _("The keyring was not unlocked, so nothing was read from it and nothing was stored in it."),
            _(
                "Try again, and enter the keyring's password in the window that asks for it. Where no such window"
                " appears, unlock the keyring in your desktop's password program first."
            ),
        )


class KeyringNotAnsweringError(VaultError):
    """The keyring did not answer within the limit; it may be waiting for a person."""

    def __init__(self) -> None:
        super().__init__(
            _("The keyring does not answer"),
            _("It may be waiting for its password in a window of its own."),
            _("Look for the keyring's window and answer it, then try again."),
        )


class KeyringUnavailableError(VaultError):
    """The keyring was there and went away, or cannot be reached at the moment."""

    def __init__(self) -> None:
        super().__init__(
            _("The keyring cannot be reached"),
            _("The service that keeps your secrets has stopped or could not be started."),
            _("Start it, or sign out of your desktop and in again. Then try again."),
        )


class OutOfReachError(KeyringUnavailableError):
    """The session is in the keyring, which is not used at the moment, or in the memory of a window."""

    def __init__(self, *, is_in_memory: bool) -> None:
        """Say where the session is: in the memory of a window, or in the keyring."""
        StsDesktopError.__init__(
            self,
            _("The session is out of reach"),
            _("It is in the memory of another window.")
            if is_in_memory
            else _("It is in the keyring, which STS Desktop does not use at the moment."),
            _("Go on in that window.")
            if is_in_memory
            else _("Start STS Desktop again when the keyring can be used; or get a new token."),
        )


class KeyringRefusedError(VaultError):
    """The keyring refused a request, or gave back something else than what was stored."""

    def __init__(self) -> None:
        super().__init__(
            _("The keyring refused"),
            _("The keyring did not store or remove an entry, or did not give it back as it was stored."),
            _("Check in your keyring's own program that it accepts new entries, then try again."),
        )


class AccessKeyNotInVaultError(VaultError):
    """No usable access key is stored under the id that was asked for."""

    field = Field.ACCESS_KEY

    def __init__(self, *, is_in_memory: bool = False) -> None:
        """Say where it was looked for: in the keyring, or in memory because that is not used at the moment."""
        super().__init__(
            _("The access key is not at hand") if is_in_memory else _("The access key is not in the keyring"),
            _("No keyring is used at the moment, and what was kept in memory is gone when STS Desktop ends.")
            if is_in_memory
            else _("It was removed there, or it was stored in another keyring or on another computer."),
            _("Enter the access key again."),
        )


class NoKeyringError(VaultError):
    """This computer or session has no keyring that can be used; the vault is in memory only."""


class NoSessionBusError(NoKeyringError):
    """There is no D-Bus session bus, over which a Linux keyring is reached."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no keyring here"),
            _("No D-Bus session was found, as is usual over SSH and in containers."),
            _("Start STS Desktop from a desktop session to keep its secrets in the keyring."),
        )


class NoKeyringServiceError(NoKeyringError):
    """No program that keeps secrets is installed."""

    def __init__(self) -> None:
        super().__init__(
            _("There is no keyring here"),
            _("No keyring that STS Desktop trusts was found."),
            _("Install one, such as GNOME Keyring, KDE Wallet or KeePassXC, then start STS Desktop again."),
        )


class KeyringServiceBrokenError(NoKeyringError):
    """A keyring is installed or part of the system, but does not start or does not work."""

    def __init__(self) -> None:
        super().__init__(
            _("The keyring cannot be used"),
            _("There is a keyring, but it did not start or does not work."),
            _("Check it in its own program, then start STS Desktop again."),
        )
