"""The text of an AWS file as sections and entries, each with the lines it stands on.

The reading is botocore's: `configparser.RawConfigParser` over the decoded text, then one level of nested blocks
(`botocore.configloader.raw_config_parse`). What botocore refuses is refused here too, with the line. The lines keep
their ends, so that joining them gives the file back byte for byte.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sts_desktop.core.aws_files.text_errors import (
    AwsFileEncodingError,
    AwsFileSyntaxError,
    DuplicateKeyError,
    DuplicateSectionError,
)

DEFAULTS = "DEFAULT"
"""The section, in capitals only, whose keys Python's parser hands down to all others. It may stand there repeatedly."""


class Entry(NamedTuple):
    """A key and its value. A tuple, because a large file has fifty thousand of them.

    Attributes:
        key: in lower case.
        value: without surrounding blanks; continuation lines joined with line feeds.
        line: index of its line.
        end: index after its last line, continuation included; blank lines and comments after that are not its own.
    """

    key: str
    value: str
    line: int
    end: int

    def __repr__(self) -> str:
        return f"Entry({self.key}, line={self.line}, end={self.end})"


@dataclass(frozen=True)
class Section:
    """A header and what stands below it.

    Attributes:
        name: between the brackets, exactly.
        line: index of the header's line.
        entries: in the order of the file.
        end: index of the next header's line, or the number of lines.
    """

    name: str
    line: int
    entries: tuple[Entry, ...] = field(repr=False)
    end: int


@dataclass(frozen=True)
class Document:
    """A whole file.

    Attributes:
        path: where it was read.
        lines: the text with its line ends, which are those of Python's text files: LF, CR LF, or CR alone.
        sections: in the order of the file.
    """

    path: Path
    lines: tuple[str, ...] = field(repr=False)
    sections: tuple[Section, ...] = field(repr=False)

    def section(self, name: str) -> Section | None:
        """Return the section whose header is `[name]`."""
        return next((section for section in self.sections if section.name == name), None)

    def values(self) -> dict[str, dict[str, str]]:
        """Return keys and values of each section as botocore sees them: with those of `[DEFAULT]`, without itself."""
        inherited = {entry.key: entry.value for section in self.default_sections() for entry in section.entries}
        return {
            section.name: inherited | {entry.key: entry.value for entry in section.entries}
            for section in self.sections
            if section.name != DEFAULTS
        }

    def default_sections(self) -> Iterator[Section]:
        """Yield the `[DEFAULT]` sections."""
        return (section for section in self.sections if section.name == DEFAULTS)


def parse(path: Path, content: bytes) -> Document:
    """Return the document that `content` is.

    Args:
        path: named in errors; not read.
        content: the bytes of the file.

    Raises:
        UnreadableAwsFileError: botocore cannot read it; the subclass says why and where.
    """
    text = _decode(path, content)
    # newline="" keeps the ends of lines and ends them where Python's text files do, which is how botocore opens these
    # files. str.splitlines would also break lines at form feeds and at U+0085 and U+2028, inside comments and values.
    return _Reader(path, tuple(io.StringIO(text, newline=""))).read()


def _decode(path: Path, content: bytes) -> str:
    """Return the text; UTF-16 shows by its mark or by its zero bytes, a byte-order mark of UTF-8 by itself."""
    wrong = content.find(b"\0")
    if wrong < 0:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:  # not chained to ours: it carries the whole content
            wrong = error.start
        else:
            if not text.startswith("\ufeff"):
                return text
            wrong = 0
    raise AwsFileEncodingError(path, content.count(b"\n", 0, wrong) + 1)


class _Reader:
    """Goes through the lines once, with the state that `configparser.RawConfigParser` keeps between them."""

    def __init__(self, path: Path, lines: tuple[str, ...]) -> None:
        self._path = path
        self._lines = lines
        self._sections: list[Section] = []
        self._section_lines: dict[str, int] = {}
        self._key_lines: dict[str, int] = {}
        self._default_key_lines: dict[str, int] = {}
        self._header: tuple[str, int] | None = None
        self._entries: list[Entry] = []
        self._indent = 0
        self._key = ""
        self._line = 0
        self._end = 0
        self._parts: list[str] = []

    def read(self) -> Document:
        for number, line in enumerate(self._lines):
            text = line.strip()
            if not text:
                self._parts.append("")
            elif text[0] not in "#;":
                self._take(number, line, text)
        self._finish_section(len(self._lines))
        return Document(self._path, self._lines, tuple(self._sections))

    def _take(self, number: int, line: str, text: str) -> None:
        indent = len(line) - len(line.lstrip())
        if self._key and indent > self._indent:
            self._continue_entry(number, text)
            return
        self._indent = indent
        closing = text.rfind("]") if text[0] == "[" else -1
        if closing > 1:
            self._start_section(number, text[1:closing])
        else:
            self._start_entry(number, text)

    def _start_section(self, number: int, name: str) -> None:
        self._finish_section(number)
        if name == DEFAULTS:
            self._key_lines = self._default_key_lines
        elif name in self._section_lines:
            raise DuplicateSectionError(self._path, number + 1, self._section_lines[name] + 1)
        else:
            self._key_lines = {}
            self._section_lines[name] = number
        self._header = (name, number)

    def _start_entry(self, number: int, text: str) -> None:
        self._finish_entry()
        key, value = _split(text)
        if self._header is None or not key:
            raise AwsFileSyntaxError(self._path, number + 1)
        first = self._key_lines.setdefault(key, number)
        if first != number:
            raise DuplicateKeyError(self._path, number + 1, first + 1)
        self._key, self._line, self._end = key, number, number + 1
        self._parts = [value]

    def _continue_entry(self, number: int, text: str) -> None:
        is_nested = not any(self._parts[:1])
        # A nested block is split once more, by str.splitlines, and must hold `key = value` on each line of that.
        if is_nested and any(part.strip() and "=" not in part for part in text.splitlines()):
            raise AwsFileSyntaxError(self._path, number + 1)
        self._parts.append(text)
        self._end = number + 1

    def _finish_entry(self) -> None:
        if self._key:
            value = "\n".join(self._parts).rstrip() if len(self._parts) > 1 else self._parts[0]
            self._entries.append(Entry(self._key, value, self._line, self._end))
            self._key = ""

    def _finish_section(self, number: int) -> None:
        self._finish_entry()
        if self._header is not None:
            name, line = self._header
            self._sections.append(Section(name, line, tuple(self._entries), number))
            self._entries = []


def _split(text: str) -> tuple[str, str]:
    """Return key and value of a line, split at its first `=` or `:`; the key is empty for any other line."""
    places = [place for place in (text.find("="), text.find(":")) if place >= 0]
    if not places:
        return "", ""
    place = min(places)
    return text[:place].rstrip().lower(), text[place + 1 :].strip()
