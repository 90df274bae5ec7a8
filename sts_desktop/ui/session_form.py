"""The fields of one profile. Each change is passed on as a whole changed `Profile`; nothing is saved here."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from sts_desktop.core.errors import Field, StsDesktopError
from sts_desktop.core.i18n import _, pgettext
from sts_desktop.core.profile import EndpointChoice, Profile
from sts_desktop.core.profiles import partition_of_key
from sts_desktop.core.sts.checks import check_mfa_serial
from sts_desktop.core.sts.endpoints import Endpoint, endpoints
from sts_desktop.ui.access_key_field import AccessKeyField
from sts_desktop.ui.code_field import code_field
from sts_desktop.ui.combo_box import ComboBox
from sts_desktop.ui.duration_field import DurationField
from sts_desktop.ui.endpoint_field import EndpointField
from sts_desktop.ui.key_store import KeyStore
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
        self, profiles: ProfileStore, sessions: SessionStore, keys: KeyStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._sessions = sessions
        self._keys = keys
        self._profile: Profile | None = None
        self._serial_was_refused = False

        self.access_key = AccessKeyField()
        self.access_key.picked.connect(self.source_picked)
        self.access_key.enter_requested.connect(self.enter_key_requested)
        self.endpoint = EndpointField()
        self.endpoint.picked.connect(self._take_endpoint)
        self.endpoint.favourite_changed.connect(self._take_favourite)
        self.duration = DurationField()
        self.duration.picked.connect(self._take_duration)
        self.duration.refused.connect(self.refused)
        self.mfa_serial = ComboBox()
        self.mfa_serial.setEditable(True)
        self.mfa_serial.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.mfa_serial.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.mfa_serial.setMinimumContentsLength(8)
        self.mfa_serial.activated.connect(self._take_mfa_serial)
        serial_edit = self._serial_edit()
        serial_edit.setPlaceholderText(_("serial number or ARN; empty without MFA"))
        serial_edit.setAccessibleName(_("MFA device"))
        serial_edit.editingFinished.connect(self._take_mfa_serial)
        self.token_code = code_field()
        self.token_code.returnPressed.connect(self.submitted)
        self.working_region = ComboBox()
        self.working_region.setMaxVisibleItems(18)
        self.working_region.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.working_region.setMinimumContentsLength(12)
        self.working_region.activated.connect(self._take_working_region)

        mfa = QHBoxLayout()
        mfa.setSpacing(12)
        mfa.addWidget(self.mfa_serial, 1)
        mfa.addWidget(self.token_code)
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
        layout.addRow(_("&MFA device"), mfa)
        layout.labelForField(mfa).setBuddy(self.mfa_serial)  # type: ignore[attr-defined]
        layout.addRow(_("Working reg&ion"), self.working_region)

    def show_profile(self, profile: Profile) -> None:
        """Show the values of `profile`; a code that stands there for another profile is dropped."""
        if self._profile is None or self._profile.id != profile.id:
            self.token_code.clear()
            self.duration.stop_typing()
            self._serial_edit().setModified(False)
        self._profile = profile
        partition = self.partition(profile)
        self.access_key.show_source(profile.source, self._profiles.settings, self._keys)
        switched_off = self._sessions.switched_off(profile)
        self.endpoint.show_choice(profile.endpoint, partition, self._profiles.settings, switched_off)
        self.duration.show_wish(profile.duration_seconds, self._sessions.now())
        self._show_mfa_serial(profile)
        self._show_working_region(profile, partition)

    def partition(self, profile: Profile) -> str | None:
        """Return the partition that the profile's access key belongs to, as far as anything says so; else None."""
        return partition_of_key(profile, self._sessions.record(profile.id).identity)

    def tick(self) -> None:
        """Show when a session begun now would end."""
        self.duration.show_end(self._sessions.now())

    def set_editable(self, *, editable: bool) -> None:
        """Let the fields be edited, or not while a token is fetched with their values."""
        for field in (self.access_key, self.endpoint, self.duration, self.mfa_serial, self.working_region):
            field.setEnabled(editable)
        self.token_code.setEnabled(editable)

    def code(self) -> str:
        """Return what stands in the code field."""
        return self.token_code.text()

    def forget_code(self) -> None:
        """Empty the code field: the code is on its way, and is sent once."""
        self.token_code.clear()

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
        if self._serial_was_refused:
            self._serial_was_refused = False
            self.refused.emit(None)

    def finish_editing(self) -> bool:
        """Take what is being typed; return whether all of it can be used."""
        return self._take_mfa_serial() and self.duration.is_valid()

    def _serial_edit(self) -> QLineEdit:
        edit = self.mfa_serial.lineEdit()
        assert edit is not None  # noqa: S101  (an editable combo box has one)
        return edit

    def _show_mfa_serial(self, profile: Profile) -> None:
        known = {known.mfa_serial for known in self._profiles.settings.profiles}
        known |= {aws.mfa_serial for aws in self._keys.aws_profiles or () if aws.mfa_serial}
        typing = self._serial_edit().hasFocus() and self._serial_edit().isModified()
        text = self._serial_edit().text()
        self.mfa_serial.clear()
        self.mfa_serial.addItems(sorted(known - {""}))
        self.mfa_serial.setEditText(text if typing else profile.mfa_serial)
        self._serial_edit().setModified(typing)
        if not typing:
            self._serial_edit().setCursorPosition(len(profile.mfa_serial))
        # A tool tip takes what looks like markup for markup; no device has such a name.
        self.mfa_serial.setToolTip("" if "<" in profile.mfa_serial else profile.mfa_serial)

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

    @Slot(object)
    def choose_endpoint(self, endpoint: Endpoint) -> None:
        """Choose an endpoint, as from its list."""
        self._take_endpoint(EndpointChoice.of(endpoint))

    @Slot(object, bool)
    def _take_favourite(self, choice: EndpointChoice, is_favourite: bool) -> None:
        self._profiles.note(lambda settings: settings.with_favourite_endpoint(choice, is_favourite=is_favourite))
        if self._profile is not None:
            self.show_profile(self._profile)

    @Slot(object)
    def _take_duration(self, wish: int | None) -> None:
        self._edit(duration_seconds=wish)

    @Slot()
    def _take_mfa_serial(self) -> bool:
        """Take the device that was typed, if it can be one; return whether it can."""
        serial = self.mfa_serial.currentText().strip()
        try:
            serial = check_mfa_serial(serial) if serial else ""
        except StsDesktopError as error:
            self._serial_was_refused = True
            self.refused.emit(error)
            return False
        if self._serial_was_refused:
            self._serial_was_refused = False
            self.refused.emit(None)
        self._serial_edit().setModified(False)
        self._edit(mfa_serial=serial)
        return True

    @Slot()
    def _take_working_region(self) -> None:
        self._edit(working_region=self.working_region.currentData())
