from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from sts_desktop.core import i18n


@pytest.fixture
def japanese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalog of our own, so that these tests say nothing of the real one."""
    catalog = Catalog("ja")
    catalog.add("Copy", "コピー")
    catalog.add("Copy", "写し", context="noun")
    catalog.add(("{count} key", "{count} keys"), ("{count} 個のキー",))
    directory = tmp_path / "ja" / "LC_MESSAGES"
    directory.mkdir(parents=True)
    with (directory / f"{i18n.DOMAIN}.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(i18n, "locale_directory", lambda: tmp_path)


@pytest.mark.usefixtures("japanese")
def test_texts_are_in_the_language_that_was_installed() -> None:
    assert i18n._("Copy") == "Copy"
    i18n.install("ja")
    assert i18n.current_language() == "ja"
    assert i18n._("Copy") == "コピー"
    assert i18n.pgettext("noun", "Copy") == "写し"
    assert i18n.pgettext("verb", "Copy") == "Copy"
    assert i18n.ngettext("{count} key", "{count} keys", 2).format(count=2) == "2 個のキー"
    assert i18n._("not translated") == "not translated"
    i18n.install("en")
    assert i18n._("Copy") == "Copy"
    assert i18n.ngettext("{count} key", "{count} keys", 1) == "{count} key"
    assert i18n.ngettext("{count} key", "{count} keys", 2) == "{count} keys"


@pytest.mark.usefixtures("japanese")
def test_a_text_that_is_only_marked_is_translated_where_it_is_used() -> None:
    i18n.install("ja")
    assert i18n.N_("Copy") == "Copy"
    assert i18n._(i18n.N_("Copy")) == "コピー"


@pytest.mark.usefixtures("japanese")
def test_an_unknown_language_is_english() -> None:
    i18n.install("tlh")
    assert i18n.current_language() == "en"
    assert i18n._("Copy") == "Copy"


def test_a_missing_catalog_means_english_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "locale_directory", lambda: tmp_path)
    i18n.install("ja")
    assert i18n._("Copy") == "Copy"
    assert i18n.current_language() == "ja"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "ja.UTF-8"}, "ja"),
        ({"LANG": "ja"}, "ja"),
        ({"LANG": "JA-jp"}, "ja"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "de_DE.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "en"),
        ({"LC_MESSAGES": "de_DE.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANGUAGE": "de", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANGUAGE": "de:ja:en", "LANG": "de_DE.UTF-8"}, "ja"),
        ({"LANGUAGE": "en:ja", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LANGUAGE": "ja", "LANG": "en_US.UTF-8"}, "ja"),
        ({"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        ({"LC_ALL": "POSIX", "LANGUAGE": "ja"}, "en"),
        ({"LANG": "C", "LANGUAGE": "ja"}, "en"),
    ],
    ids=str,
)
def test_the_language_that_the_environment_asks_for(environment: dict[str, str], expected: str) -> None:
    """GNU gettext manual, "The LANGUAGE variable"; the locale `C` asks for texts as they are."""
    assert i18n.preferred_language(environment) == expected


@pytest.mark.parametrize("name", ["Japanese_Japan", "ja_JP"])
def test_where_the_environment_says_nothing_the_system_may(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("locale.getlocale", lambda: (name, "UTF-8"))
    assert i18n.preferred_language({}) == "ja"
    assert i18n.preferred_language({"LANG": "de_DE.UTF-8"}) == "en"
