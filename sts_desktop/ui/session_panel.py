"""The right half of the window: one profile's session, and the form it is made from."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.profile import AccessKeySource, DefaultChain, Profile
from sts_desktop.core.profiles import usual_endpoint, with_key_of
from sts_desktop.core.session_step import Step
from sts_desktop.ui.activities import Activity
from sts_desktop.ui.device_store import DeviceStore
from sts_desktop.ui.key_store import KeyStore
from sts_desktop.ui.panel_notes import PanelNotes
from sts_desktop.ui.profile_actions import ActionSets
from sts_desktop.ui.profile_heading import ProfileHeading
from sts_desktop.ui.profile_store import ProfileStore
from sts_desktop.ui.session_actions import SessionActions
from sts_desktop.ui.session_footer import SessionFooter
from sts_desktop.ui.session_form import SessionForm
from sts_desktop.ui.session_store import SessionStore
from sts_desktop.ui.session_words import describe
from sts_desktop.ui.status_line import StatusLine


class SessionPanel(QWidget):
    """Shows one profile and acts on it.

    Signals:
        enter_key_requested: the person wants to type an access key for this profile.
        example_requested(str): the person wants an example, in one of `examples.LANGUAGES`, on the clipboard.
        duplicate_requested: the person wants another profile like this one.
        delete_requested: the person wants this profile deleted.
        check_endpoints_requested: the person wants to know which endpoints answer.
    """

    enter_key_requested = Signal()
    example_requested = Signal(str)
    duplicate_requested = Signal()
    delete_requested = Signal()
    check_endpoints_requested = Signal()

    def __init__(
        self,
        profiles: ProfileStore,
        sessions: SessionStore,
        keys: KeyStore,
        devices: DeviceStore,
        actions: ActionSets,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._profiles = profiles
        self._sessions = sessions
        self._keys = keys
        self._profile_id = ""

        self.heading = ProfileHeading(profiles)
        self.name, self.menu = self.heading.name, self.heading.menu
        self.status = StatusLine()
        self.form = SessionForm(profiles, sessions, keys, devices)
        self.notes = PanelNotes(profiles, sessions, keys, self)
        self.note, self.notice, self.not_written = self.notes.problem, self.notes.notice, self.notes.not_written
        self.actions_bar = SessionActions()
        self.footer = SessionFooter()
        self._lay_out()
        self._connect()

    # What it shows

    def show_profile(self, profile_id: str) -> None:
        """Show another profile; what is still being typed belongs to the one shown before."""
        if self._profile_id not in ("", profile_id):
            self.finish_editing()
            self.form.drop_refused()
        self._profile_id = profile_id
        self.refresh()

    @property
    def profile_id(self) -> str:
        """The profile that is shown; empty for none."""
        return self._profile_id

    def refresh(self) -> None:
        """Show everything anew."""
        profile = self._profiles.profile(self._profile_id)
        if profile is None:
            return
        self.heading.show_profile(profile)
        self.form.show_profile(profile)
        self._refresh_session()
        self.notes.show_profile(profile.id)

    def _refresh_session(self) -> None:
        profile = self._profiles.profile(self._profile_id)
        if profile is None:
            return
        activity = self._sessions.activity(profile.id)
        self._show_status(profile)
        self.form.show_endpoint()
        self._show_actions(profile, activity)
        self.form.show_caller()
        self.footer.show_record(
            self._sessions.record(profile.id),
            self._sessions.shown_path,
            self._keys.key_in_file,
            live=self._sessions.is_live(profile.id),
        )

    def _show_status(self, profile: Profile) -> None:
        words = describe(profile, self._sessions)
        self.status.tell(words.look, words.word, words.detail, words.part)

    def _show_actions(self, profile: Profile, activity: Activity | None) -> None:
        if activity is not None and activity.step is Step.ASKING_STS:
            self.form.forget_code()
        busy = activity is not None and activity.is_shown
        self.name.setReadOnly(busy)
        self.form.set_editable(editable=not busy)
        self.menu.show_state(live=self._sessions.is_live(profile.id), busy=busy)
        section = self._profiles.settings.section_for(profile)
        self.actions_bar.show_state(self._actions.of(profile), busy=busy, section=section)

    # What a person does

    @Slot()
    def press_primary(self) -> None:
        """Get a token, renew it, or cancel, as the button says."""
        activity = self._sessions.activity(self._profile_id)
        if activity is not None and activity.is_shown:
            self._cancel()
        elif self.finish_editing():
            self._sessions.get_token(self._profile_id, self.form.code())

    @Slot()
    def _cancel(self) -> None:
        activity = self._sessions.activity(self._profile_id)
        if activity is not None and activity.is_shown:
            self._sessions.cancel(self._profile_id)

    def finish_editing(self) -> bool:
        """Take what is being typed; return whether a token can be fetched with it."""
        self.heading.finish_editing()
        return self.form.finish_editing()

    @Slot(object)
    def take_source(self, source: AccessKeySource) -> None:
        """Use another access key, and fill in what the AWS files say of it."""
        profile = self._profiles.profile(self._profile_id)
        if profile is None:
            return
        self._sessions.dismiss_problem(profile.id)  # also where the key is the same, with another secret
        if isinstance(source, DefaultChain):
            self._keys.resolve_chain(profile.id)
        known = self._keys.aws_profile(source)
        if known is None:
            self._edit(replace(profile, source=source))
        else:
            usual = usual_endpoint(self._profiles.settings, but=profile.id)
            self._edit(with_key_of(profile, known, self._keys.aws_profile(profile.source), usual))

    @Slot(object)
    def _edit(self, profile: Profile) -> None:
        if profile != self._profiles.profile(profile.id):
            self._sessions.dismiss_problem(profile.id)
            self._profiles.edit(profile)

    @Slot(str)
    def _rename(self, name: str) -> None:
        profile = self._profiles.profile(self._profile_id)
        if profile is not None:
            self._edit(replace(profile, name=name))

    @Slot(str)
    def _copy(self, export_format: str) -> None:
        self._sessions.copy(self._profile_id, export_format)

    @Slot()
    def _end(self) -> None:
        self._sessions.end(self._profile_id)

    @Slot(bool)
    def _test(self, s3: bool) -> None:
        self._sessions.test(self._profile_id, s3=s3)

    @Slot(str)
    def _show_chain(self, profile_id: str) -> None:
        """Show what the default chain gives, or why it gives nothing, if it still is the source of that profile."""
        profile = self._profiles.profile(profile_id)
        if profile is not None and isinstance(profile.source, DefaultChain) and self._keys.chain_problem is not None:
            self._sessions.show_problem(profile_id, self._keys.chain_problem)
        self.refresh()

    @Slot()
    def _write(self) -> None:
        self._sessions.write(self._profile_id)

    @Slot(object)
    def _refuse(self, error: StsDesktopError | None) -> None:
        if error is None:
            self._dismiss()
        else:
            self._sessions.show_problem(self._profile_id, error)

    @Slot()
    def _dismiss(self) -> None:
        self._sessions.dismiss_problem(self._profile_id)

    @Slot()
    def _try_again(self) -> None:
        if self.finish_editing():
            self._sessions.try_again(self._profile_id, self.form.code())

    # How it is built

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 24)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addSpacing(8)
        layout.addWidget(self.status)
        layout.addSpacing(20)
        layout.addWidget(self.form)
        layout.addSpacing(18)
        # Notes stand below: buttons that move meet the second click of another's double click.
        layout.addWidget(self.actions_bar)
        layout.addSpacing(18)
        for note in (self.note, self.not_written, self.notice):
            layout.addWidget(note)
        layout.addWidget(self.footer)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.heading.renamed.connect(self._rename)
        self.heading.refused.connect(self._refuse)
        self.form.edited.connect(self._edit)
        self.form.source_picked.connect(self.take_source)
        self.form.enter_key_requested.connect(self.enter_key_requested)
        self.form.endpoint.check_requested.connect(self.check_endpoints_requested)
        self.form.refused.connect(self._refuse)
        self.form.submitted.connect(self.actions_bar.press_primary)
        self.actions_bar.primary_pressed.connect(self.press_primary)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WindowShortcut)
        escape.activated.connect(self._cancel)
        self.actions_bar.copy_requested.connect(self._copy)
        self.actions_bar.example_requested.connect(self.example_requested)
        self.actions_bar.end.clicked.connect(self._end)
        self.notes.try_again_requested.connect(self._try_again)
        self.notes.enter_key_requested.connect(self.enter_key_requested)
        self.notes.field_concerned.connect(self.form.focus)
        self.notes.endpoints_requested.connect(self.form.endpoint.showPopup)
        self.notes.devices_requested.connect(self.form.mfa_serial.showPopup)
        self.menu.test_requested.connect(self._test)
        self.menu.duplicate_requested.connect(self.duplicate_requested)
        self.menu.delete_requested.connect(self.delete_requested)
        self._keys.chain_changed.connect(self._show_chain)
        self.actions_bar.write.clicked.connect(self._write)
        self.actions_bar.other_section.triggered.connect(self.notes.choose_section)
        self._sessions.session_changed.connect(self._session_changed)
        self._sessions.ticked.connect(self._tick)
        self._profiles.profile_changed.connect(self._profile_changed)
        self._profiles.keys_changed.connect(self.refresh)
        self._keys.aws_profiles_changed.connect(self.refresh)
        self._keys.vault_changed.connect(self.refresh)

    @Slot(str)
    def _session_changed(self, profile_id: str) -> None:
        if profile_id != self._profile_id:
            return
        self._refresh_session()
        self.notes.show_news()

    @Slot(str)
    def _profile_changed(self, profile_id: str) -> None:
        if profile_id == self._profile_id:
            self.refresh()

    @Slot()
    def _tick(self) -> None:
        profile = self._profiles.profile(self._profile_id)
        if profile is not None and self.isVisible():
            self._show_status(profile)
            self.form.tick()
            self.notes.tick()
