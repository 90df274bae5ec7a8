"""Texts in the reader's language (gettext; English source, catalogs in `sts_desktop.resources`).

`install` is called once, before the first text is made; a text is therefore never looked up at module scope, where
`N_` marks it for translation at the time of use. Placeholders are named (`{name}`) and filled with `str.format` after
the look-up: an f-string cannot be translated, and a test compares the placeholders of each translation with the source.
"""

import gettext as _gettext
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sts_desktop.core.paths import resource_directory

DOMAIN = "sts_desktop"
LANGUAGES = ("en", "ja")

_translations: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def install(language: str) -> None:
    """Use the catalog of `language` (one of LANGUAGES) from here on; English needs none."""
    global _translations, _language  # noqa: PLW0603  (gettext's own design: one catalog a process)
    _language = language if language in LANGUAGES else "en"
    _translations = _catalog(_language)


def locale_directory() -> Path:
    """Return the directory that holds the catalogs."""
    return resource_directory() / "locale"


def preferred_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language the person reads, of those there are; `en` when none of theirs is among them.

    Of the three variables that name a locale the first one counts (GNU gettext manual, "Locale Environment
    Variables"). LANGUAGE goes before it ("The LANGUAGE variable"), but not before the locale `C`, with which scripts
    ask for texts that do not vary.
    """
    locales = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    named = next(filter(None, locales), "")
    if named in ("C", "POSIX"):
        return "en"
    wishes = [*environment.get("LANGUAGE", "").split(":"), named]
    if not named and sys.platform in ("win32", "darwin"):
        import locale

        # Windows has long names, such as `Japanese_Japan` (python/cpython#54675).
        wishes.append(locale.normalize((locale.getlocale()[0] or "").split("_")[0]))
    for wish in filter(None, wishes):
        code = wish.replace("-", "_").split("_")[0].split(".")[0].lower()
        if code in LANGUAGES:
            return code
        if code in ("c", "posix"):
            break
    return "en"


def current_language() -> str:
    """Return the language in use, one of LANGUAGES."""
    return _language


def _(message: str) -> str:
    """Return `message` in the current language."""
    return _translations.gettext(message)


def in_every_language(message: str) -> tuple[str, ...]:
    """Return `message`, which `N_` marks, in each language: for a search that finds it in any."""
    return tuple(catalog.gettext(message) for catalog in _catalogs())


@cache
def _catalogs() -> tuple[_gettext.NullTranslations, ...]:
    return tuple(_catalog(language) for language in LANGUAGES)


def _catalog(language: str) -> _gettext.NullTranslations:
    """Return the catalog of `language`; English needs none, nor the look for one, which takes a millisecond."""
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, str(locale_directory()), [language], fallback=True)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for `count` in the current language."""
    return _translations.ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """Return `message` in the current language, where its English has more than one meaning."""
    return _translations.pgettext(context, message)


def sentences(*texts: str) -> str:
    """Return whole sentences one after the other, as the current language sets them; empty ones are left out."""
    return ("" if _language == "ja" else " ").join(text for text in texts if text)


def N_(message: str) -> str:  # noqa: N802  (gettext's name for it)
    """Mark `message` for translation and return it as it is; `_` is applied where it is used."""
    return message
