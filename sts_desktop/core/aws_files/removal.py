"""Take a session out of the text of an AWS file. Pure: a document in, bytes out, or a refusal.

The keys of the session go. Where they were all that the section held, the section goes too, and with it the region and
the blank line that were written for it; a comment, or a key of somebody else, keeps header and region in place.
"""

from dataclasses import dataclass, field

from sts_desktop.core.aws_files.document import Document, Section
from sts_desktop.core.aws_files.edit import refuse_ambiguity, touched_entries
from sts_desktop.core.aws_files.keys import REGION, SESSION_KEYS


@dataclass(frozen=True)
class Removal:
    """A file without a session.

    Attributes:
        content: the new bytes.
        keys: what went out of the section.
        is_whole: whether the section itself went.
    """

    content: bytes = field(repr=False)
    keys: tuple[str, ...]
    is_whole: bool


def remove_session(document: Document, section: Section, *, keep_section: bool = False) -> Removal:
    """Return the file without the session in `section`.

    Args:
        document: the file.
        section: where the session stands.
        keep_section: leave header and region, even if nothing else is left.

    Raises:
        UneditableSectionError: the section cannot be changed safely.
    """
    is_whole = not keep_section and _holds_only_session(document, section)
    keys = (*SESSION_KEYS, REGION) if is_whole else SESSION_KEYS
    refuse_ambiguity(document, section.name, SESSION_KEYS)
    gone = {entry.line for entry in touched_entries(document, section, keys).values()}
    if is_whole:
        gone |= _lines_of_whole_section(document, section, max(gone, default=section.line))
    content = "".join(line for number, line in enumerate(document.lines) if number not in gone).encode()
    return Removal(content, keys, is_whole)


def _holds_only_session(document: Document, section: Section) -> bool:
    """Return whether `section` holds a session and its region, and nothing that somebody else put there.

    What follows the last key, such as a comment above the next section, does not count as its own.
    """
    if any(entry.key not in (*SESSION_KEYS, REGION) for entry in section.entries):
        return False
    if document.lines[section.line].strip() != f"[{section.name}]":
        return False
    lines = {entry.line for entry in section.entries}
    between = range(section.line + 1, max(lines, default=section.line))
    return all(number in lines or not document.lines[number].strip() for number in between)


def _lines_of_whole_section(document: Document, section: Section, last: int) -> set[int]:
    """Return the lines from the header to the `last` key, and the blank line before them.

    The blank line stays where something follows at once, which it then sets apart from what is above.
    """
    lines = set(range(section.line, last + 1))
    before = section.line - 1
    following = document.lines[last + 1 : last + 2]
    if before >= 0 and not document.lines[before].strip() and not any(line.strip() for line in following):
        lines.add(before)
    return lines
