"""Names of sections that every AWS SDK reads alike.

The characters are those that botocore and the SDKs for Java, JavaScript, Go and Rust all take in a `[name]` header
(the profile name grammar of the AWS SDKs and Tools Reference Guide, less `+` and `:`, which the Java reader refuses).
"""

import re
from collections.abc import Collection

_ALLOWED = re.compile(r"[A-Za-z0-9_./@%-]{1,128}")
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_./@%-]+")
_REFUSED = frozenset({"DEFAULT", "__proto__"})


def is_section_name(text: str) -> bool:
    """Tell whether `text` may stand in a header that this program writes.

    `DEFAULT` is refused because Python's parser hands its keys down to every other section, `__proto__` because the
    SDK for JavaScript stops at it, and names of nothing but dots because they name no section to anybody.
    """
    return _ALLOWED.fullmatch(text) is not None and text not in _REFUSED and text.strip(".") != ""


def suggest_section(profile_name: str, profile_id: str, taken: Collection[str]) -> str:
    """Return the section to offer for a profile: readable where possible, and never one of `taken`.

    Args:
        profile_name: what the person calls the profile; any text.
        profile_id: the profile's internal id, of ASCII letters and digits.
        taken: sections that are somebody else's: those that access keys are read from, and those of other profiles.

    Returns:
        The name itself, with `-` for what may not stand in a header; `NAME-session` where that section is taken, or is
        `default`, which every tool uses unasked and so is only written when a person chooses it; `sts-ID` where nothing
        of the name can stay.
    """
    name = _FORBIDDEN.sub("-", profile_name).strip("-")
    for candidate in (name, f"{name}-session"):
        if name.strip(".") and candidate != "default" and candidate not in taken and is_section_name(candidate):
            return candidate
    return f"sts-{profile_id}"
