"""Proof, by the parser that botocore uses, that an edit did what was asked and nothing else."""

import configparser
import io
from collections.abc import Collection, Mapping
from typing import TypeAlias

from sts_desktop.core.aws_files.document import DEFAULTS, Document
from sts_desktop.core.aws_files.text_errors import UnprovenEditError

_Content: TypeAlias = dict[str, dict[str, str]]


def prove_edit(
    document: Document, content: bytes, name: str, values: Mapping[str, str], dropped: Collection[str]
) -> None:
    """Read the old and the new text and compare them key by key.

    Args:
        document: the file before the edit.
        content: the file after it.
        name: of the section that was edited.
        values: by key; what that section must say now, beside what it said before.
        dropped: keys that it must not say any more, itself or through `[DEFAULT]`.

    Raises:
        UnprovenEditError: the new text does not read as it must.
    """
    before = _read_before(document, name)
    old = before.get(name, before[DEFAULTS])
    kept = {key: value for key, value in old.items() if key not in dropped}
    _compare(document, content, name, before, {**before, name: kept | dict(values)})


def prove_removal(document: Document, content: bytes, name: str) -> None:
    """Read the old and the new text and see that section `name` is gone and nothing else has changed.

    Raises:
        UnprovenEditError: the new text does not read as it must.
    """
    before = _read_before(document, name)
    _compare(document, content, name, before, {section: before[section] for section in before if section != name})


def _read_before(document: Document, name: str) -> _Content:
    before = _read("".join(document.lines))
    if before is None:
        raise UnprovenEditError(document.path, _line_of(document, name))
    return before


def _compare(document: Document, content: bytes, name: str, before: _Content, expected: _Content) -> None:
    after = _read(content.decode())
    if after is None:
        raise UnprovenEditError(document.path, _line_of(document, name))
    if after != expected:
        different = (section for section in before if section != name and after.get(section) != before[section])
        raise UnprovenEditError(document.path, _line_of(document, next(different, name)))


def _read(text: str) -> _Content | None:
    """Return what botocore reads in `text`, with the keys of `[DEFAULT]` under that name; None where it fails.

    `botocore.configloader.raw_config_parse` itself takes a path, and would need the secrets in one more file.
    """
    parser = configparser.RawConfigParser()
    try:
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.Error:
        return None
    content = {section: dict(parser.items(section, raw=True)) for section in parser.sections()}
    return {**content, DEFAULTS: dict(parser.defaults())}


def _line_of(document: Document, name: str) -> int:
    """Return the number of the line that begins section `name`, or of the last line."""
    section = document.section(name)
    return len(document.lines) if section is None else section.line + 1
