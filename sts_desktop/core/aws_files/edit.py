"""Set keys of one section in the text of an AWS file. Pure: a document in, bytes out, or a refusal.

Nothing but the lines of those keys changes. What the AWS SDKs read in different ways within the section is refused:
an edit would be right for some of them only.
"""

from collections.abc import Collection, Iterator, Mapping

from sts_desktop.core.aws_files.document import Document, Entry, Section
from sts_desktop.core.aws_files.text_errors import (
    ContinuedValueError,
    InheritedKeyError,
    OddHeaderError,
    OddLineEndError,
)


def set_keys(document: Document, name: str, values: Mapping[str, str], dropped: Collection[str]) -> bytes:
    """Return the file with `values` in section `[name]` and without the `dropped` keys there.

    A key that stands there keeps its place and its indentation. The others follow the last of those, or the header.
    A section that does not exist is put at the end of the file, after a blank line.

    Args:
        document: the file as it is.
        name: of the section; must be fit for writing (`names.is_section_name`).
        values: by key, in lower case; must be fit for writing (`keys.session_values`).
        dropped: keys, in lower case.

    Raises:
        UneditableSectionError: the section cannot be changed safely.
    """
    refuse_ambiguity(document, name, dropped)
    section = document.section(name)
    if section is None:
        return _append_section(document, name, values)
    touched = touched_entries(document, section, {*values, *dropped})
    return "".join(_edited_lines(document, section, touched, values)).encode()


def refuse_ambiguity(document: Document, name: str, dropped: Collection[str]) -> None:
    """Raise when some SDK reads another section as `[name]`, or `[DEFAULT]` hands one of the `dropped` keys down.

    Raises:
        UneditableSectionError: it is so; the error names the line.
    """
    _refuse_other_spellings(document, name)
    _refuse_inherited(document, dropped)


def touched_entries(document: Document, section: Section, keys: Collection[str]) -> dict[str, Entry]:
    """Return the entries of `section` that have one of `keys`, each on a line of its own.

    Raises:
        UneditableSectionError: a line of the section is one that the SDKs read in different ways.
    """
    touched = {entry.key: entry for entry in section.entries if entry.key in keys}
    _refuse_odd_lines(document, section, touched)
    return touched


def _edited_lines(
    document: Document, section: Section, touched: Mapping[str, Entry], values: Mapping[str, str]
) -> list[str]:
    lines = list(document.lines)
    for key, entry in touched.items():
        old = document.lines[entry.line]
        lines[entry.line] = f"{_indentation(old)}{key} = {values[key]}{_ending(old)}" if key in values else ""
    missing = [key for key in values if key not in touched]
    if missing:
        anchor, indentation = _place_of_new_lines(document, section, touched, values)
        new = [f"{indentation}{key} = {values[key]}" for key in missing]
        lines[anchor] = _join(lines[anchor], new, _ending(document.lines[anchor]), _line_ending(document))
    return lines


def _place_of_new_lines(
    document: Document, section: Section, touched: Mapping[str, Entry], values: Mapping[str, str]
) -> tuple[int, str]:
    """Return the index of the line that new lines follow, and their indentation.

    A line that is indented further than an entry above it would become part of that entry's value, so new lines are
    indented like the entry they follow, or the first one that follows them.
    """
    kept = [entry.line for key, entry in touched.items() if key in values]
    lines = kept or [entry.line for entry in touched.values()]
    if lines:
        return max(lines), _indentation(document.lines[max(lines)])
    pattern = section.entries[0].line if section.entries else section.line
    return section.line, _indentation(document.lines[pattern])


def _join(line: str, new: list[str], ending: str, default_ending: str) -> str:
    """Return `line` with the `new` lines after it. Where it ends the file without a line end, so do they."""
    if ending:
        return line + "".join(text + ending for text in new)
    return default_ending.join([line, *new] if line else new)


def _append_section(document: Document, name: str, values: Mapping[str, str]) -> bytes:
    ending = _line_ending(document)
    before = "".join(document.lines)
    if before and not _ending(document.lines[-1]):
        before += ending
    if document.lines and document.lines[-1].strip():
        before += ending
    new = [f"[{name}]", *(f"{key} = {value}" for key, value in values.items())]
    return (before + "".join(line + ending for line in new)).encode()


def _refuse_other_spellings(document: Document, name: str) -> None:
    """Refuse headers that only some SDKs take for `[name]`: with blanks or quotes, or swallowed by a value above.

    The SDKs for Java, Go and Rust trim the name, botocore does not; botocore takes a header that is indented further
    than the entry above it for more of that value, the SDK for JavaScript takes it for a header.
    """
    for section in document.sections:
        if section.name != name and _plain_name(section.name) == name:
            raise OddHeaderError(document.path, section.line + 1)
        for number, text in _continuation_lines(document, section):
            if text.startswith("[") and (section.name == name or _plain_name(text[1:]) == name):
                raise OddHeaderError(document.path, number + 1)


def _refuse_inherited(document: Document, dropped: Collection[str]) -> None:
    for section in document.default_sections():
        for entry in section.entries:
            if entry.key in dropped:
                raise InheritedKeyError(document.path, entry.line + 1)


def _refuse_odd_lines(document: Document, section: Section, touched: Mapping[str, Entry]) -> None:
    if _indentation(document.lines[section.line]).strip(" \t"):
        raise OddHeaderError(document.path, section.line + 1)
    for number in range(section.line, section.end):
        if document.lines[number].endswith("\r"):
            raise OddLineEndError(document.path, number + 1)
    for entry in touched.values():
        if entry.end > entry.line + 1:
            raise ContinuedValueError(document.path, _second_line(document, entry) + 1)


def _continuation_lines(document: Document, section: Section) -> Iterator[tuple[int, str]]:
    """Yield index and stripped text of each line that goes on with a value, blank lines and comments aside."""
    for entry in section.entries:
        for number in range(entry.line + 1, entry.end):
            text = document.lines[number].strip()
            if text and text[0] not in "#;":
                yield number, text


def _second_line(document: Document, entry: Entry) -> int:
    lines = range(entry.line + 1, entry.end)
    return next(number for number in lines if document.lines[number].strip()[:1] not in ("", "#", ";"))


def _plain_name(header: str) -> str:
    """Return the name in the text after a `[`, without blanks and quotes round it."""
    return header.partition("]")[0].strip().strip("'\"").strip()


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _line_ending(document: Document) -> str:
    """Return the file's line end: that of its first line, LF where that has none or a lone CR."""
    return "\r\n" if document.lines and document.lines[0].endswith("\r\n") else "\n"
