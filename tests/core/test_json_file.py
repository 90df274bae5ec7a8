import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core import json_file
from sts_desktop.core.errors import UnusableFileError
from sts_desktop.core.json_file import JsonFile

Words = tuple[str, ...]


def decode(document: dict[str, Any]) -> Words:
    return tuple(str(word) for word in document["words"])


def words_file(
    path: Path,
    decode: Callable[[dict[str, Any]], Words] = decode,
    sleep: Callable[[float], None] = lambda seconds: pytest.fail(f"waited {seconds} s"),
    *,
    is_precious: bool = False,
) -> JsonFile[Words]:
    def encode(words: Words) -> dict[str, Any]:
        return {"words": list(words)}

    return JsonFile(path, version=1, empty=(), decode=decode, encode=encode, is_precious=is_precious, sleep=sleep)


def adding(word: str) -> Callable[[Words], Words]:
    return lambda words: (*words, word)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ours" / "words.json"


@pytest.fixture
def file(path: Path) -> JsonFile[Words]:
    return words_file(path)


def test_no_file_is_an_empty_one_and_reading_makes_none(file: JsonFile[Words], path: Path) -> None:
    assert file.load() == ()
    assert not path.parent.exists()
    assert file.set_aside is None


def test_what_was_saved_is_read_by_another(file: JsonFile[Words], path: Path) -> None:
    assert file.update(adding("本番")) == ("本番",)
    assert file.update(adding("two")) == ("本番", "two")
    assert words_file(path).load() == ("本番", "two")
    assert "本番" in path.read_text("utf-8")  # people may look into it


def test_only_the_owner_reads_it(file: JsonFile[Words], path: Path) -> None:
    file.update(adding("one"))
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert mode(path.with_suffix(".lock")) == 0o600


def test_nothing_is_written_when_nothing_changed(file: JsonFile[Words], path: Path) -> None:
    file.update(adding("one"))
    before = path.stat().st_ino
    file.update(lambda words: words)
    assert path.stat().st_ino == before
    file.update(adding("two"))
    assert path.stat().st_ino != before


def test_a_change_that_raises_changes_nothing(file: JsonFile[Words], path: Path) -> None:
    def refuse(_words: Words) -> Words:
        raise LookupError

    file.update(adding("one"))
    before = path.read_bytes()
    with pytest.raises(LookupError):
        file.update(refuse)
    assert path.read_bytes() == before
    assert file.update(adding("two")) == ("one", "two")  # the lock is free again


def test_bytes_of_the_command_line_that_are_no_text_are_kept(file: JsonFile[Words], path: Path) -> None:
    word = b"caf\xe9".decode(errors="surrogateescape")
    file.update(adding(word))
    assert words_file(path).load() == (word,)


def test_a_symbolic_link_stays_one(file: JsonFile[Words], path: Path, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "words"
    target.parent.mkdir()
    target.write_text('{"version": 1, "words": ["one"]}')
    path.parent.mkdir()
    path.symlink_to(target)
    file.update(adding("two"))
    assert path.is_symlink()
    assert words_file(target).load() == ("one", "two")


@pytest.mark.fault(46)
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"version": 1, "words": ["on', id="cut off"),
        pytest.param(b"\x00\xff\xfe", id="binary"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{}", id="without a version"),
        pytest.param(b'{"version": 1}', id="without its member"),
        pytest.param(b'{"version": 1, "words": 5}', id="of another type"),
        pytest.param(b'{"version": 0, "words": []}', id="of no version there was"),
        pytest.param(b'{"version": "2", "words": []}', id="a version that is no number"),
        pytest.param(b'{"version": Infinity, "words": []}', id="a version beyond all"),
        pytest.param(b"[" * 100_000, id="too deep"),
    ],
)
def test_what_cannot_be_understood_is_kept_aside(file: JsonFile[Words], path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert file.load() == ()
    assert file.set_aside is not None
    assert file.set_aside.read_bytes() == content
    assert file.set_aside.name.startswith("words.json.unreadable-")
    assert file.update(adding("one")) == ("one",)
    assert words_file(path).load() == ("one",)
    assert file.set_aside.read_bytes() == content


@pytest.mark.fault(46)
def test_what_a_newer_version_wrote_is_told_and_left(file: JsonFile[Words], path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"version": 2, "phrases": {}}')
    uses: list[Callable[[], object]] = [file.load, lambda: file.update(adding("one"))]
    for use in uses:
        with pytest.raises(UnusableFileError) as told:
            use()
        assert str(path) in told.value.message
        assert "newer version" in told.value.message
    assert path.read_bytes() == b'{"version": 2, "phrases": {}}'
    assert file.set_aside is None
    assert [entry.name for entry in path.parent.glob("*.json*")] == ["words.json"]


@pytest.mark.fault(46)
def test_a_file_is_moved_aside_by_who_holds_its_lock(
    file: JsonFile[Words], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process that found the same damage may be saving a new file at this moment."""
    path.parent.mkdir()
    path.write_bytes(b"broken")
    monkeypatch.setattr(json_file, "LOCK_SECONDS", 0.1)
    with filelock.FileLock(path.with_suffix(".lock")), pytest.raises(UnusableFileError):
        file.load()
    assert path.read_bytes() == b"broken"
    assert file.load() == ()
    assert file.set_aside is not None


@pytest.mark.fault(36)
@pytest.mark.parametrize("function", ["read_bytes", "replace"])
def test_a_file_held_open_on_windows_is_tried_again(path: Path, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    """`read_bytes` reads the file; `os.replace` saves it and, as `Path.replace`, moves it aside."""
    pauses: list[float] = []
    original = getattr(Path, function)

    def refuse_twice(self: Path, *arguments: Any) -> Any:
        if self == path and len(pauses) < 2:
            error = PermissionError(13, "in use")
            error.winerror = 32  # type: ignore[attr-defined]  # exists on Windows only
            raise error
        return original(self, *arguments)

    path.parent.mkdir()
    path.write_bytes(b"broken")
    file = words_file(path, sleep=pauses.append)
    monkeypatch.setattr(Path, function, refuse_twice)
    assert file.load() == ()
    assert file.set_aside is not None
    assert len(pauses) == 2


@pytest.mark.fault(36)
def test_a_save_while_the_file_is_held_open_on_windows_is_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    rename = os.replace

    def refuse_twice(source: str, target: Path) -> None:
        if len(pauses) < 2:
            error = PermissionError(13, "in use")
            error.winerror = 5  # type: ignore[attr-defined]  # exists on Windows only
            raise error
        rename(source, target)

    monkeypatch.setattr(os, "replace", refuse_twice)
    assert words_file(path, sleep=pauses.append).update(adding("one")) == ("one",)
    assert len(pauses) == 2
    assert words_file(path).load() == ("one",)


@pytest.mark.fault(46)
def test_each_file_that_was_kept_aside_stays(file: JsonFile[Words], path: Path) -> None:
    path.parent.mkdir()
    for number in range(3):
        path.write_text(f"broken {number}")
        file.load()
    kept = sorted(kept.read_text() for kept in path.parent.glob("*.unreadable-*"))
    assert kept == ["broken 0", "broken 1", "broken 2"]


def test_saving_over_what_cannot_be_understood_keeps_it_aside(file: JsonFile[Words], path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"broken")
    assert file.update(lambda words: words) == ()
    assert file.set_aside is not None
    assert file.set_aside.read_bytes() == b"broken"
    assert json.loads(path.read_bytes()) == {"version": 1, "words": []}


@pytest.mark.parametrize("mended", [True, False])
def test_a_file_that_another_process_mended_or_moved_meanwhile_is_not_moved(path: Path, mended: bool) -> None:
    def decode_while_another_mends(document: dict[str, Any]) -> Words:
        if document["words"] == "broken":
            if mended:
                path.write_text('{"version": 1, "words": ["good"]}')
            else:
                path.unlink()
            raise ValueError
        return decode(document)

    path.parent.mkdir()
    path.write_text('{"version": 1, "words": "broken"}')
    file = words_file(path, decode_while_another_mends)
    assert file.load() == (("good",) if mended else ())
    assert file.set_aside is None


@pytest.mark.fault(46)
def test_a_file_that_cannot_be_read_is_told_and_left(file: JsonFile[Words], path: Path) -> None:
    path.mkdir(parents=True)
    uses: list[Callable[[], object]] = [file.load, lambda: file.update(adding("one"))]
    for use in uses:
        with pytest.raises(UnusableFileError) as told:
            use()
        assert str(path) in told.value.message
        assert told.value.hint
    assert path.is_dir()


@pytest.mark.fault(46)
def test_a_link_in_a_circle_is_told(file: JsonFile[Words], path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(path)
    with pytest.raises(UnusableFileError):
        file.update(adding("one"))
    assert path.is_symlink()


@pytest.mark.fault(46)
def test_a_place_that_cannot_be_written_to_is_told(file: JsonFile[Words], path: Path) -> None:
    path.parent.write_text("a file where the directory should be")
    with pytest.raises(UnusableFileError) as told:
        file.update(adding("one"))
    assert str(path) in told.value.message
    assert path.parent.read_text() == "a file where the directory should be"


@pytest.mark.fault(32)
def test_a_full_disk_leaves_the_file_as_it_was(
    file: JsonFile[Words], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    file.update(adding("one"))
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(UnusableFileError) as told:
        file.update(adding("two"))
    assert "No space left on device" in told.value.message
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["words.json", "words.lock"]


def test_a_file_that_cannot_be_moved_aside_is_told_and_left(
    file: JsonFile[Words], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    path.parent.mkdir()
    path.write_bytes(b"broken")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UnusableFileError):
        file.load()
    assert path.read_bytes() == b"broken"
    assert file.set_aside is None


def test_a_lock_that_another_process_holds_is_told(
    file: JsonFile[Words], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.update(adding("one"))
    monkeypatch.setattr(json_file, "LOCK_SECONDS", 0.1)
    with filelock.FileLock(path.with_suffix(".lock")), pytest.raises(UnusableFileError) as told:
        file.update(adding("two"))
    assert "busy" in told.value.title
    assert file.load() == ("one",)  # readers do not wait
    assert file.update(adding("two")) == ("one", "two")


def test_threads_lose_nothing(path: Path) -> None:
    def add(word: str) -> None:
        words_file(path).update(adding(word))

    threads = [threading.Thread(target=add, args=[str(number)]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(words_file(path).load()) == [str(number) for number in range(8)]


ADD_PROFILES = """
import sys
from sts_desktop.core.services import open_services
from sts_desktop.core.vault.vault import memory_vault

profiles = open_services(vault=memory_vault()).profiles
for number in range(5):
    profiles.create("work")
    profiles.create(f"{sys.argv[1]}{number}")
"""


def test_processes_that_save_at_once_lose_nothing() -> None:
    from sts_desktop.core.services import open_services
    from sts_desktop.core.vault.vault import memory_vault

    processes = [subprocess.Popen([sys.executable, "-c", ADD_PROFILES, name]) for name in ("a", "b")]
    assert [process.wait(60) for process in processes] == [0, 0]
    names = {profile.name for profile in open_services(vault=memory_vault()).settings.load().profiles}
    assert names == {"work", *(f"work {n}" for n in range(2, 11)), *(f"{name}{n}" for name in "ab" for n in range(5))}


@given(words=st.lists(st.text(st.characters())).map(tuple))
def test_any_text_is_read_as_it_was_saved(words: Words, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("words") / "words.json"
    words_file(path).update(lambda _words: words)
    assert words_file(path).load() == words


@pytest.mark.fault(46)
@pytest.mark.parametrize("use", [JsonFile.load, lambda file: file.update(lambda _old: ("new",))])
def test_a_precious_file_that_somebody_may_be_writing_is_told_and_left(
    path: Path, use: Callable[[JsonFile[Words]], object]
) -> None:
    path.parent.mkdir()
    path.write_text('{"version": 1, "wor')
    file = words_file(path, is_precious=True)
    with pytest.raises(UnusableFileError, match="damaged"):
        use(file)
    assert path.read_text() == '{"version": 1, "wor'
    assert file.set_aside is None
    assert file.load(may_move_aside=True) == ()
    assert file.set_aside is not None
