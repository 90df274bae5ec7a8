"""The profiles as they stand in the window, saved as they are edited."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from sts_desktop.core.errors import DamagedFileError, StsDesktopError
from sts_desktop.core.profile import Profile
from sts_desktop.core.profiles import BLANK, new_profile, usual_endpoint
from sts_desktop.core.services import Services
from sts_desktop.core.settings import NoSuchProfileError, Settings
from sts_desktop.ui.jobs import Job, Jobs


class ProfileStore(QObject):
    """Owns the settings at run time. An edit shows at once and is saved on a worker; saves follow one another.

    Signals:
        profiles_changed: profiles came or went.
        profile_changed(str): the profile with this id has other values.
        keys_changed: the access keys in the vault are others.
        failed(object): a `StsDesktopError`; the settings could not be read or saved, edits still stand in the window.
        read_again(object): the settings can be read again, which this `StsDesktopError` told they could not.
    """

    profiles_changed = Signal()
    profile_changed = Signal(str)
    keys_changed = Signal()
    failed = Signal(object)
    read_again = Signal(object)

    def __init__(self, services: Services, jobs: Jobs, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._jobs = jobs
        self._settings = settings
        self._bases: dict[str, Profile | None] = {}  # what unsaved edits started from; None for a new profile
        self._unsaved: dict[str, Profile] = {}
        self._refused: dict[str, Profile] = {}
        self._to_retry: set[str] = set()  # of those, the ones that were refused because the file was damaged
        self._unreadable: StsDesktopError | None = None
        self._saving: Job | None = None
        self._changes = 0
        self._deleted_here: set[str] = set()
        self._writing = threading.Lock()

    @property
    def settings(self) -> Settings:
        """Everything set up, unsaved edits included."""
        return self._settings

    def profile(self, profile_id: str) -> Profile | None:
        """Return a profile as it stands in the window, or None."""
        return self._settings.profile(profile_id)

    def create(self, wish: str, template: Profile | None = None) -> Profile:
        """Make a profile called `wish` (or `wish 2`…) with the values of `template`, and return it."""
        template = template or replace(BLANK, endpoint=usual_endpoint(self._settings))
        created = new_profile(wish, self._settings, template)
        self._settings = self._settings.with_profile(created)
        self._bases[created.id] = None
        self.profiles_changed.emit()
        self._save(created)
        return created

    def edit(self, profile: Profile) -> None:
        """Take the changed values of a profile; they show at once and are saved soon. One that is gone stays gone."""
        before = self.profile(profile.id)
        if before is None or profile == before:
            return
        self._bases.setdefault(profile.id, before)
        self._settings = self._settings.with_profile(profile)
        self.profile_changed.emit(profile.id)
        self._save(profile)

    def delete(self, profile_id: str) -> None:
        """Take a profile away; it shows at once. Its session is not forgotten by this."""
        self._deleted_here.add(profile_id)
        self._unsaved.pop(profile_id, None)
        self._refused.pop(profile_id, None)
        self._bases.pop(profile_id, None)
        self._settings = self._settings.with_deleted(profile_id)
        self.profiles_changed.emit()
        self._change(lambda: self._delete_on_disk(profile_id))

    def restore(self, profile: Profile, index: int) -> None:
        """Put a deleted profile back at its place."""
        self._deleted_here.discard(profile.id)
        self._settings = self._settings.with_restored(profile, index)
        self.profiles_changed.emit()
        self._change(lambda: self._restore_on_disk(profile.id, index), if_refused=lambda: self._keep_restored(profile))

    def note_told(self, told: str) -> None:
        """Remember that the person was told something."""
        self.note(lambda settings: settings.with_told(told))

    def note(self, change: Callable[[Settings], Settings]) -> None:
        """Change what concerns no profile; it shows at once and is saved."""
        self._settings = change(self._settings)
        self._change(lambda: self._services.settings.update(change))

    def reload(self) -> None:
        """Read the settings again: another part of the program, or another process, has changed them."""
        self._jobs.start(
            lambda _job: self._services.settings.load(), succeeded=self._take_reloaded, failed=self._take_unreadable
        )

    def save_everything(self) -> None:
        """Start saving every edit that is not on disk, in one job: the program ends."""
        unsaved = list((self._refused | self._unsaved).values())
        self._unsaved.clear()
        if unsaved:
            self._jobs.start(
                lambda _job: self._write(unsaved),
                succeeded=self._take_settings,
                failed=self.failed.emit,
            )

    def saved(self, profile_id: str) -> Profile:
        """Return a profile as it stands in the window once that is on disk; called on a worker.

        Raises:
            NoSuchProfileError: another process has deleted it.
            StsDesktopError: it could not be saved.
        """
        with self._writing:
            wanted = self.profile(profile_id)
            if wanted is None:
                raise NoSuchProfileError(profile_id)
            settings = self._services.profiles.save(wanted, self._bases.get(profile_id, wanted))
            return settings.profile(profile_id) or wanted

    def is_saved(self) -> bool:
        """Return whether every edit is on disk."""
        return self._saving is None and not self._unsaved and not self._refused

    def _save(self, profile: Profile) -> None:
        """Save an edit, and try again what could not be saved before."""
        self._unsaved = self._refused | self._unsaved | {profile.id: profile}
        self._refused = {}
        self._to_retry.clear()
        if self._saving is None:
            self._save_next()

    def _save_next(self) -> None:
        profile = self._unsaved.pop(next(iter(self._unsaved)))
        self._saving = self._jobs.start(
            lambda _job: self._write([profile]),
            succeeded=lambda settings: self._saved(profile, settings),
            failed=lambda error: self._not_saved(profile, error),
        )

    def _write(self, profiles: Sequence[Profile]) -> Settings:
        """Save profiles, on a worker; each as it is by then, or the last save could be overtaken by an older one.

        One that cannot be saved keeps none of the others from it.
        """
        errors: list[StsDesktopError] = []
        with self._writing:
            for old in profiles:
                wanted = self.profile(old.id)
                if wanted is None:
                    continue  # deleted meanwhile; saved now, a new one would come back
                try:
                    self._services.profiles.save(wanted, self._bases.get(old.id, old))
                except StsDesktopError as error:
                    errors.append(error)
            if errors:
                raise errors[0]
            return self._services.settings.load()

    def _delete_on_disk(self, profile_id: str) -> Settings:
        """Delete a profile, on a worker, unless it is back by then: workers may overtake one another."""
        if self.profile(profile_id) is not None:
            return self._services.settings.load()
        return self._services.profiles.delete(profile_id)

    def finish_deletion(self, profile_id: str) -> None:
        """See to it that a profile which is gone from the window is gone from the disk too; called on a worker.

        Raises:
            UnusableFileError: the settings could not be saved.
        """
        with self._writing:
            self._delete_on_disk(profile_id)

    def _restore_on_disk(self, profile_id: str, index: int) -> Settings:
        """Put a profile back as it is by then, on a worker, unless it is deleted again."""
        wanted = self.profile(profile_id)
        if wanted is None:
            return self._services.settings.load()
        return self._services.profiles.restore(wanted, index)

    def _keep_restored(self, profile: Profile) -> None:
        """Keep a profile in the window that could not be put back on disk yet: nothing else holds it any more."""
        kept = self.profile(profile.id)
        if kept is None:
            return  # deleted again meanwhile
        self._bases[profile.id] = None
        self._refused[profile.id] = kept
        self._to_retry.add(profile.id)

    def _change(self, change: Callable[[], Settings], if_refused: Callable[[], None] = lambda: None) -> None:
        """Let a profile come or go on disk too; what an earlier change returns is out of date by then."""

        def work(_job: Job) -> Settings:
            with self._writing:
                return change()

        def changed(settings: Settings) -> None:
            self._changes -= 1
            self._take_settings(settings)

        def failed(error: StsDesktopError) -> None:
            self._changes -= 1
            if_refused()
            self.failed.emit(error)
            self.reload()

        self._changes += 1
        self._jobs.start(work, succeeded=changed, failed=failed)

    def _saved(self, profile: Profile, settings: Settings) -> None:
        self._saving = None
        if profile.id in self._unsaved:
            self._bases[profile.id] = profile
        else:
            self._bases.pop(profile.id, None)
        if self._unsaved:
            self._save_next()
        self._take_settings(settings)

    def _not_saved(self, profile: Profile, error: StsDesktopError) -> None:
        self._saving = None
        if isinstance(error, NoSuchProfileError):  # deleted meanwhile: nothing to try again
            self.reload()
        else:
            self._refused[profile.id] = profile
        if isinstance(error, DamagedFileError):  # once somebody has mended the file it can be saved
            self._unreadable = error
            self._to_retry.add(profile.id)
        if not (isinstance(error, NoSuchProfileError) and profile.id in self._deleted_here):
            self.failed.emit(error)
        if self._unsaved:
            self._save_next()

    def _take_unreadable(self, error: StsDesktopError) -> None:
        self._unreadable = error
        self.failed.emit(error)

    def _take_reloaded(self, settings: Settings) -> None:
        self._take_settings(settings)
        mended, self._unreadable = self._unreadable, None
        if mended is None:
            return
        self.read_again.emit(mended)
        again = {id_: profile for id_, profile in self._refused.items() if id_ in self._to_retry}
        if again and self._saving is None:
            self._unsaved = again | self._unsaved
            self._refused = {id_: profile for id_, profile in self._refused.items() if id_ not in again}
            self._save_next()

    def _take_settings(self, settings: Settings) -> None:
        """Show what is on disk, with the edits on top that are not there yet."""
        for profile in (self._refused | self._unsaved).values():
            settings = settings.with_profile(profile)
        if self._saving is not None or self._changes or settings == self._settings:
            return  # while a save runs, what it returns will be newer
        before, self._settings = self._settings, settings
        if before.access_keys != settings.access_keys:
            self.keys_changed.emit()
        if [profile.id for profile in before.profiles] != [profile.id for profile in settings.profiles]:
            self.profiles_changed.emit()
        for profile in settings.profiles:
            if before.profile(profile.id) not in (None, profile):
                self.profile_changed.emit(profile.id)
