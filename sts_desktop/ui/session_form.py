"""The fields of one profile. Each change is passed on as a whole changed `Profile`; nothing is saved here."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QWidget

from sts_desktop.core.errors import Field
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.profile import EndpointChoice, Profile
from sts_desktop.core.profiles import partition_of_key
from sts_desktop.core.session_reach import region_warning
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import endpoints
from sts_desktop.ui.access_key_field import AccessKeyField
from sts_desktop.ui.combo_box import ComboBox
from sts_desktop.ui.device_store import Answer, DeviceStore
from sts_desktop.ui.duration_field import DurationField
from sts_desktop.ui.endpoint_field import EndpointField
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.mfa_field import MfaField
from sts_desktop.ui.notices import fido_notice
from sts_desktop.ui.palette_widgets import QuietLabel, wrap
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_store import SessionStore


class SessionForm(QWidget):
    """Access key, endpoint, duration, MFA device and code, working region.

    Signals:
        edited(object): the `Profile` with what the person changed.
        source_picked(object): an `AccessKeySource`; choosing one may fill in other fields.
        enter_key_requested: the person wants to type an access key.
        refused(object): the `StsDesktopError` about what was typed; None once it is mended.
        submitted: Enter was pressed in the code field.
    """

    edited = Signal(object)
    source_picked = Signal(object)
    enter_key_requested = Signal()
    refused = Signal(object)
    submitted = Signal()

    def __init__(
        self,
        profiles: ProfileStore,
        sessions: SessionStore,
        keys: KeyStore,
        devices: DeviceStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._keys = keys
        self._devices = devices
        self._profile: Profile | None = None

        self.access_key = AccessKeyField()
        self.access_key.picked.connect(self.source_picked)
        self.access_key.enter_requested.connect(self.enter_key_requested)
        self.endpoint = EndpointField()
        self.endpoint.picked.connect(self._take_endpoint)
        self.endpoint.favourite_changed.connect(self._take_favourite)
        self.duration = DurationField()
        self.duration.picked.connect(self._take_duration)
        self.duration.refused.connect(self.refused)
        self.mfa = MfaField()
        self.mfa_serial, self.token_code = self.mfa.serial, self.mfa.code
        self.mfa.picked.connect(self._take_mfa_serial)
        self.mfa.refused.connect(self.refused)
        self.mfa.submitted.connect(self.submitted)
        self.mfa.devices_wanted.connect(self._look_up_devices)
        devices.devices_changed.connect(self._show_devices)
        devices.answered.connect(self._take_devices)
        self.working_region = ComboBox()
        self.working_region.setMaxVisibleItems(18)
        self.working_region.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.working_region.setMinimumContentsLength(12)
        self.working_region.activated.connect(self._take_working_region)

        self.reach = QuietLabel()
        wrap(self.reach)
        self.reach.hide()

        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.setHorizontalSpacing(14)
        layout.setVerticalSpacing(12)
        layout.addRow(_("Access &key"), self.access_key)
        layout.addRow(_("&Endpoint"), self.endpoint)
        layout.addRow(_("&Duration"), self.duration)
        layout.labelForField(self.duration).setBuddy(self.duration.combo)  # type: ignore[attr-defined]
        layout.addRow(_("&MFA device"), self.mfa)
        layout.labelForField(self.mfa).setBuddy(self.mfa_serial)  # type: ignore[attr-defined]
        layout.setWidget(layout.rowCount(), QFormLayout.ItemRole.FieldRole, self.mfa.told)
        layout.addRow(_("Working reg&ion"), self.working_region)
        layout.setWidget(layout.rowCount(), QFormLayout.ItemRole.FieldRole, self.reach)

    def show_profile(self, profile: Profile) -> None:
        """Show the values of `profile`; a code that stands there for another profile is dropped."""
        if self._profile is None or self._profile.id != profile.id:
            self.duration.stop_typing()
            self.mfa.stop_typing()
        self._profile = profile
        partition = self.partition(profile)
        self.access_key.show_source(profile.source, self._profiles.settings, self._keys)
        self.show_endpoint()
        self.duration.show_wish(profile.duration_seconds, self._sessions.now())
        self.show_caller()
        self._show_mfa_device(profile)
        self._show_working_region(profile, partition)

    def show_endpoint(self) -> None:
        """Show the endpoint, with what is known of the others by now, and where its tokens will not work."""
        profile = self._profile
        if profile is not None:
            switched_off = self._sessions.switched_off(profile)
            self.endpoint.show_choice(profile.endpoint, self.partition(profile), self._profiles.settings, switched_off)
            warning = region_warning(profile)
            self.reach.setText(warning)
            self.reach.setVisible(bool(warning))

    def show_caller(self) -> None:
        """Show what the duration comes to for the one whose key it is, as far as that is known by now."""
        profile = self._profile
        if profile is not None:
            caller = self._sessions.record(profile.id).caller(profile.source)
            self.duration.show_caller(caller, self._sessions.now())

    def partition(self, profile: Profile) -> str | None:
        """Return the partition that the profile's access key belongs to, as far as anything says so; else None."""
        return partition_of_key(profile, self._sessions.record(profile.id).identity)

    def tick(self) -> None:
        """Show when a session begun now would end."""
        self.duration.show_end(self._sessions.now())

    def set_editable(self, *, editable: bool) -> None:
        """Let the fields be edited, or not while a token is fetched with their values."""
        for field in (self.access_key, self.endpoint, self.duration, self.working_region):
            field.setEnabled(editable)
        self.mfa.set_editable(editable=editable)

    def code(self) -> str:
        """Return what stands in the code field."""
        return self.token_code.text()

    def forget_code(self) -> None:
        """Empty the code field: the code is on its way, and is sent once."""
        self.mfa.forget_code()

    def type_code(self, code: str) -> None:
        """Put a code into its field, as if it were typed."""
        self.token_code.setText(code)
        self.token_code.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus(self, field: Field | None) -> None:
        """Put the cursor into the field that an error is about."""
        widgets: dict[Field, QWidget] = {
            Field.ACCESS_KEY: self.access_key,
            Field.ENDPOINT: self.endpoint,
            Field.DURATION: self.duration,
            Field.MFA_SERIAL: self.mfa_serial,
            Field.TOKEN_CODE: self.token_code,
            Field.WORKING_REGION: self.working_region,
        }
        if field in widgets:
            widgets[field].setFocus(Qt.FocusReason.OtherFocusReason)

    def drop_refused(self) -> None:
        """Let go of what was typed and refused, and of its errors: another profile is about to be shown."""
        self.duration.end_refusal()
        self.mfa.end_refusal()

    def finish_editing(self) -> bool:
        """Take what is being typed; return whether all of it can be used."""
        return self.mfa.take() and self.duration.is_valid()

    def _show_mfa_device(self, profile: Profile) -> None:
        others = {known.mfa_serial for known in self._profiles.settings.profiles}
        others |= {aws.mfa_serial for aws in self._keys.aws_profiles or () if aws.mfa_serial}
        known, can_ask = self._devices.known(profile), self._devices.can_ask(profile)
        self.mfa.show_serial(profile.mfa_serial, known, others, can_ask=can_ask)

    def _show_working_region(self, profile: Profile, partition: str | None) -> None:
        self.working_region.clear()
        self.working_region.addItem(pgettext("working region", "none"), "")
        for known in endpoints(partition):
            if known.is_regional:
                self.working_region.addItem(f"{known.id}   {known.place}", known.id)
        if self.working_region.findData(profile.working_region) < 0:
            self.working_region.addItem(profile.working_region, profile.working_region)
        self.working_region.setCurrentIndex(self.working_region.findData(profile.working_region))

    def _edit(self, **changes: object) -> None:
        if self._profile is not None:
            self.edited.emit(replace(self._profile, **changes))  # type: ignore[arg-type]

    @Slot(object)
    def _take_endpoint(self, choice: EndpointChoice) -> None:
        self._profiles.note(lambda settings: settings.with_recent_endpoint(choice))
        self._edit(endpoint=choice)

    def choose_endpoint(self, profile_id: str, endpoint: Endpoint) -> None:
        """Choose an endpoint for a profile, as from its list, if that is the one that still is shown."""
        if self._profile is not None and self._profile.id == profile_id:
            self._take_endpoint(EndpointChoice.of(endpoint))

    @Slot(object, bool)
    def _take_favourite(self, choice: EndpointChoice, is_favourite: bool) -> None:
        self._profiles.note(lambda settings: settings.with_favourite_endpoint(choice, is_favourite=is_favourite))
        if self._profile is not None:
            self.show_profile(self._profile)

    @Slot(object)
    def _take_duration(self, wish: int | None) -> None:
        self._edit(duration_seconds=wish)

    @Slot(str)
    def _take_mfa_serial(self, serial: str) -> None:
        self._edit(mfa_serial=serial)

    @Slot(bool)
    def _look_up_devices(self, again: bool) -> None:
        if self._profile is not None:
            self._devices.look_up(self._profile.id, again=again)

    @Slot(str)
    def _show_devices(self, _profile_id: str) -> None:
        """Show what is known by now: another profile may have the same key."""
        if self._profile is not None:
            self._show_mfa_device(self._profile)

    @Slot(str)
    def _take_devices(self, profile_id: str) -> None:
        """Fill in the one device that there is, and tell who has none that can be used; nothing that is there goes."""
        profile = self._profile
        if profile is None or profile.id != profile_id or self._sessions.activity(profile_id) is not None:
            return
        known = self._devices.known(profile)
        if known is None or known.answer is not Answer.GIVEN or not self.mfa.is_empty():
            return
        if len(known.usable) == 1:
            self.mfa.fill_in(known.usable[0])
        elif known.is_fido_only:
            self._sessions.tell(profile_id, fido_notice())

    @Slot()
    def _take_working_region(self) -> None:
        self._edit(working_region=self.working_region.currentData())
