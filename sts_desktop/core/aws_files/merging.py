"""How botocore puts together what the two files say about each profile.

Values are given as `{section: {key: value}}`, keys in lower case (`document.Document.values`).
"""

import shlex
from collections.abc import Collection, Mapping

from sts_desktop.core.aws_files.keys import ACCESS_KEY_ID, SECRET_ACCESS_KEY, SECURITY_TOKEN, SESSION_TOKEN
from sts_desktop.core.credentials import TEMPORARY_KEY_PREFIX

Values = Mapping[str, Mapping[str, str]]
"""What a file says: keys and values of each section."""


def config_profiles(values: Values) -> dict[str, Mapping[str, str]]:
    """Return the profiles of a config file: `[default]` and `[profile NAME]`, the last of a name winning whole.

    The rule is `botocore.configloader.build_profile_map`'s.
    """
    profiles: dict[str, Mapping[str, str]] = {}
    for section, content in values.items():
        if section == "default":
            profiles["default"] = content
        elif section.startswith("profile"):
            words = _words(section)
            if len(words) == 2:
                profiles[words[1]] = content
    return profiles


def merged_profiles(config: Values, credentials: Values) -> dict[str, Mapping[str, str]]:
    """Return every profile with the keys of both files; the credentials file wins (`Session.full_config`)."""
    merged = config_profiles(config)
    for name, content in credentials.items():
        merged[name] = {**merged.get(name, {}), **content}
    return merged


def static_keys(name: str, in_config: Values, credentials: Values) -> Mapping[str, str]:
    """Return the keys of the place that botocore takes the static keys of profile `name` from.

    The two files are never mixed, and the credentials file comes first. With no key id in either, half a pair (a
    secret alone) is returned where there is one, else nothing.
    """
    places = (credentials.get(name, {}), in_config.get(name, {}))
    for key in (ACCESS_KEY_ID, SECRET_ACCESS_KEY):
        for place in places:
            if key in place:
                return place
    return {}


def is_temporary(keys: Mapping[str, str]) -> bool:
    """Tell whether static keys belong to a session: by the id, or by a token beside it."""
    has_token = bool(keys.get(SESSION_TOKEN) or keys.get(SECURITY_TOKEN))
    return has_token or keys.get(ACCESS_KEY_ID, "").startswith(TEMPORARY_KEY_PREFIX)


def reached_sources(sources: Collection[str], profiles: Values) -> frozenset[str]:
    """Return `sources` and every profile reached from them through `source_profile`; a cycle ends where it began."""
    reached: set[str] = set()
    waiting = list(sources)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += filter(None, [profiles.get(name, {}).get("source_profile")])
    return frozenset(reached)


def _words(header: str) -> list[str]:
    try:
        return shlex.split(header)
    except ValueError:
        return []
