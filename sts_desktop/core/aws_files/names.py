"""Names of sections that every AWS SDK reads alike.

The characters are those that botocore and the SDKs for Java, JavaScript, Go and Rust all take in a `[name]` header
(the profile name grammar of the AWS SDKs and Tools Reference Guide, less `+` and `:`, which the Java reader refuses).
"""

import re
from collections.abc import Collection

_ALLOWED = re.compile(r"[A-Za-z0-9_./@%-]{1,128}")
_REFUSED = frozenset({"DEFAULT", "__proto__"})


def is_section_name(text: str) -> bool:
    """Tell whether `text` may stand in a header that this program writes.

    `DEFAULT` is refused because Python's parser hands its keys down to every other section, `__proto__` because the
    SDK for JavaScript stops at it, and names of nothing but dots because they name no section to anybody.
    """
    return _ALLOWED.fullmatch(text) is not None and text not in _REFUSED and text.strip(".") != ""


def suggest_section(profile_name: str, profile_id: str, sources: Collection[str]) -> str:
    """Return the section to offer for a profile: readable where possible, and never one that holds its source.

    Args:
        profile_name: what the person calls the profile; any text.
        profile_id: the profile's internal id, of ASCII letters and digits.
        sources: sections that some profile takes its access key from.

    Returns:
        The name itself with `-` for blanks; `NAME-session` where that section is a source of access keys, or is
        `default`, which every tool uses unasked and so is only written when a person chooses it; `sts-ID` otherwise.
    """
    name = "-".join(profile_name.split())
    if is_section_name(name):
        for candidate in (name, f"{name}-session"):
            if candidate != "default" and candidate not in sources and is_section_name(candidate):
                return candidate
    return f"sts-{profile_id}"
