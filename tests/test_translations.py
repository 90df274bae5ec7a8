"""Every text is translated, nothing is translated that is gone, and no translation breaks what it is put into."""

import ast
import gettext
import io
import re
import string
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import sts_desktop
from sts_desktop.core import i18n

SOURCES = Path(sts_desktop.__path__[0])
TRANSLATED = [language for language in i18n.LANGUAGES if language != "en"]
LOOK_UPS = {"_", "N_", "ngettext", "pgettext"}

Key = tuple[str | None, str, str | None]
"""What a catalog finds a text by: its context, its English, and the English for more than one."""


def key(message_id: str | Sequence[str], context: str | None) -> Key:
    singular, *plural = forms(message_id)
    return context, singular, plural[0] if plural else None


@pytest.fixture(scope="module")
def texts() -> set[Key]:
    """Return the texts that stand in the sources."""
    found = {key(message_id, context) for _file, _line, message_id, _comments, context in extract_from_dir(SOURCES)}
    assert found
    return found


@pytest.fixture(scope="module", params=TRANSLATED)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    language = str(request.param)
    with catalog_path(language).open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def catalog_path(language: str) -> Path:
    return i18n.locale_directory() / language / "LC_MESSAGES" / f"{i18n.DOMAIN}.po"


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def message_key(message: Message) -> Key:
    return key(message.id, message.context)


def forms(text: str | Sequence[str] | None) -> list[str]:
    """Return the one form of a text, or its singular and plurals."""
    return [text] if isinstance(text, str) else list(text or ())


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def mnemonics(text: str) -> list[str]:
    """Return the letters that stand behind a single `&`, by which a menu or field is reached from the keyboard."""
    return [letter.lower() for letter in re.findall(r"&(\w)", text.replace("&&", ""))]


def test_every_text_is_in_the_catalog(catalog: Catalog, texts: set[Key]) -> None:
    assert sorted(texts - {message_key(message) for message in messages(catalog)}, key=str) == []


def test_no_text_is_in_the_catalog_that_is_gone_from_the_sources(catalog: Catalog, texts: set[Key]) -> None:
    assert sorted({message_key(message) for message in messages(catalog)} - texts, key=str) == []
    assert list(catalog.obsolete) == []


def test_every_text_is_translated(catalog: Catalog) -> None:
    untranslated = [
        message.id
        for message in messages(catalog)
        if message.fuzzy or len(forms(message.string)) != form_count(catalog, message) or not all(forms(message.string))
    ]

    assert untranslated == []


def form_count(catalog: Catalog, message: Message) -> int:
    return catalog.num_plurals if message.pluralizable else 1


def test_a_translation_has_the_placeholders_of_its_text(catalog: Catalog) -> None:
    broken = []
    for message in messages(catalog):
        *_singular, last = forms(message.id)  # the singular of a text may leave its number out
        translated = [form for form in forms(message.string) if form]
        broken += [message.id for form in translated if placeholders(form) != placeholders(last)]

    assert broken == []


def test_placeholders_are_named(texts: set[Key]) -> None:
    names = {name for _context, *both in texts for text in both if text for name in placeholders(text)}

    assert {name for name in names if not name.isidentifier()} == set()


def test_a_translation_keeps_the_key_of_its_text(catalog: Catalog) -> None:
    """`&Name` becomes `名前(&N)`: the same letter, so that both languages are worked with by the same keys."""
    broken = [
        message.id
        for message in messages(catalog)
        for form in forms(message.string)
        if form and mnemonics(form) != mnemonics(forms(message.id)[-1])
    ]

    assert broken == []


def test_a_translation_ends_as_its_text_does(catalog: Catalog) -> None:
    """Space around a text, and the `…` of a command that asks first, belong to how it is used."""
    broken = [
        message.id
        for message in messages(catalog)
        for form in forms(message.string)
        if form and edges(form) != edges(forms(message.id)[-1])
    ]

    assert broken == []


def edges(text: str) -> tuple[bool, bool, bool]:
    return text != text.lstrip(), text != text.rstrip(), text.endswith("…")


def test_a_catalog_says_how_it_is_to_be_read(catalog: Catalog) -> None:
    headers = dict(catalog.mime_headers)

    assert str(catalog.locale) in TRANSLATED
    assert headers["Language"] == str(catalog.locale)
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["Plural-Forms"] == f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};"


def test_a_catalog_compiles_and_is_found(catalog: Catalog) -> None:
    problems = [str(error) for _message, errors in catalog.check() for error in errors]
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    translated = [message for message in messages(catalog) if not message.fuzzy and all(forms(message.string))]

    assert problems == []
    assert [text.id for text in translated if looked_up(translations, text) != forms(text.string)[-1]] == []


def looked_up(translations: gettext.GNUTranslations, message: Message) -> str:
    singular, *plural = forms(message.id)
    if plural:
        return translations.ngettext(singular, plural[0], 1000)
    if message.context:
        return translations.pgettext(message.context, singular)
    return translations.gettext(singular)


def test_there_is_a_catalog_for_each_language_and_no_other() -> None:
    folders = {path.parent.parent.name for path in i18n.locale_directory().glob("*/LC_MESSAGES/*.po")}

    assert folders == set(TRANSLATED)


@pytest.mark.parametrize("source", sorted(SOURCES.rglob("*.py")), ids=lambda path: path.relative_to(SOURCES).as_posix())
def test_a_text_is_filled_in_after_it_was_looked_up(source: Path) -> None:
    """What is put together before the look-up is never found in a catalog."""
    lines = [
        node.lineno
        for node in ast.walk(ast.parse(source.read_bytes()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOK_UPS
        if any(_is_put_together(argument) for argument in node.args[:2])
    ]

    assert lines == []


def _is_put_together(argument: ast.expr) -> bool:
    if isinstance(argument, ast.Call):
        return isinstance(argument.func, ast.Attribute) and argument.func.attr == "format"
    return isinstance(argument, ast.JoinedStr | ast.BinOp | ast.BoolOp | ast.IfExp)
