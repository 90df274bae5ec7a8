"""The choice of where the access key comes from: the vault, or a profile of the AWS files."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from sts_desktop.core.credentials import last_four
from sts_desktop.core.i18n import _
from sts_desktop.core.profile import AccessKeySource, AwsProfileKey, DefaultChain, VaultKey
from sts_desktop.core.settings import Settings
from sts_desktop.ui.combo_box import ComboBox
from sts_desktop.ui.key_store import ChainKey, KeyStore


class AccessKeyField(ComboBox):
    """Lists the keys in the vault, then the profiles of the AWS files that hold one, then a way to enter another.

    Signals:
        picked(object): an `AccessKeySource`.
        enter_requested: the person wants to type a key.
    """

    picked = Signal(object)
    enter_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources: list[AccessKeySource | None] = []
        self._shown: AccessKeySource | None = None
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setPlaceholderText(_("Choose an access key"))
        self.activated.connect(self._pick)

    def show_source(self, source: AccessKeySource | None, settings: Settings, keys: KeyStore) -> None:
        """Show the key in use among those there are now."""
        self._shown = source
        self.blockSignals(True)
        self.clear()
        self._sources = []
        vault_name = keys.vault_status.name if keys.vault_status else ""
        for entry in settings.access_keys:
            self._offer(VaultKey(entry.id), f"{entry.name}   …{entry.last_four}   {vault_name}".rstrip())
        for known in keys.usable_aws_profiles():
            text = _("{name}   …{last_four}   AWS profile").format(
                name=known.name, last_four=last_four(known.access_key_id or "")
            )
            self._offer(AwsProfileKey(known.name), text)
        self._offer(DefaultChain(), _chain_text(keys.chain_key if isinstance(source, DefaultChain) else None))
        if source is not None and source not in self._sources:
            are_read = keys.aws_profiles is not None and keys.aws_problem is None
            self._offer(source, _missing_text(source, looked=are_read))
        if self._sources:
            self.insertSeparator(self.count())
            self._sources.append(None)
        self.addItem(_("Enter an access key…"))
        self._sources.append(None)
        self._show_current()
        self.blockSignals(False)

    def _show_current(self) -> None:
        """Select the key in use; None stands for the separator and for what is no key."""
        in_use = self._shown
        self.setCurrentIndex(self._sources.index(in_use) if in_use is not None and in_use in self._sources else -1)

    def _offer(self, source: AccessKeySource, text: str) -> None:
        self._sources.append(source)
        self.addItem(text)

    @Slot(int)
    def _pick(self, index: int) -> None:
        source = self._sources[index]
        if source is None:
            self._show_current()
            self.enter_requested.emit()
        elif source != self._shown:
            self.picked.emit(source)


def _chain_text(key: ChainKey | None) -> str:
    """Return the default chain's entry; what it gives is known only once it was chosen."""
    if key is None:
        return _("what AWS tools find by themselves   (default chain)")
    return _("{kind}   …{last_four}   default chain").format(kind=key.kind, last_four=key.last_four)


def _missing_text(source: AccessKeySource, *, looked: bool) -> str:
    match source:
        case AwsProfileKey(profile_name) if looked:
            return _("{name}   (AWS profile without an access key)").format(name=profile_name)
        case AwsProfileKey(profile_name):
            return _("{name}   AWS profile").format(name=profile_name)
        case _:
            return _("(a key that is no longer in the keyring)")
