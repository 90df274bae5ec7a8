"""The table of pictures: every scene comes about in every variant, and the page shows what there is."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from sts_desktop.demo import gallery
from sts_desktop.demo.gallery import VARIANTS, Variant, draw, table

SCENES = {
    "01-first-run",
    "02-form",
    "03-code-refused",
    "04-asking",
    "05-active",
    "06-copied",
    "07-written",
    "08-not-renewed",
    "09-tested",
    "10-ended",
    "11-deleted",
    "12-nothing-found",
    "13-chain-found",
    "14-chain-empty",
    "15-expired-and-memory-only",
    "16-endpoints",
    "17-endpoints-checked",
}


BEFORE_THE_WINDOW = {"16-endpoints", "17-endpoints-checked"}
"""What has a size of its own."""


class Images(HTMLParser):
    """Collects the sources of a page's images."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.sources.append(dict(attrs)["src"] or "")


@pytest.mark.parametrize("variant", [Variant("light", "ja"), Variant("dark", "en", scale=2)], ids=lambda one: one.name)
def test_every_scene_is_drawn_in_the_theme_and_size_asked_for(tmp_path: Path, variant: Variant) -> None:
    assert draw(variant, tmp_path) == ""
    pictures = {path.stem: QImage(str(path)) for path in tmp_path.glob("*.png")}
    assert pictures.keys() == SCENES
    for name, image in pictures.items():
        if name not in BEFORE_THE_WINDOW:
            assert (image.width(), image.height()) == (1000 * variant.scale, 700 * variant.scale)
        assert (image.pixelColor(2, image.height() - 3).lightness() > 128) == (variant.theme == "light")
    # No two scenes look alike.
    assert len({bytes(image.constBits()) for image in pictures.values()}) == len(SCENES)


def test_what_a_process_says_of_its_failure_is_told(tmp_path: Path) -> None:
    assert "invalid choice" in draw(Variant("plaid", "en"), tmp_path)


def test_pictures_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    (tmp_path / "0-old.png").write_bytes(b"old")
    draw(Variant("plaid", "en"), tmp_path)
    assert not list(tmp_path.glob("*.png"))


def test_page_shows_each_picture_once_and_names_what_is_missing(tmp_path: Path) -> None:
    variants = (Variant("light", "en"), Variant("dark", "ja"))
    for place in ("light-en/1-first", "light-en/2-second", "dark-ja/1-first"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / f"{place}.png").write_bytes(b"a picture")
    page = table(tmp_path, variants)
    assert Images(page).sources == ["light-en/1-first.png", "dark-ja/1-first.png", "light-en/2-second.png"]
    assert page.count("missing") == 1


def test_exit_code_and_standard_error_tell_of_a_variant_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gallery, "draw", lambda variant, _directory: "no font" if variant.language == "ja" else "")
    assert gallery.main([str(tmp_path)]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert errors == ["FAILED  pictures light-ja: no font", "FAILED  pictures dark-ja: no font"]
    assert (tmp_path / "index.html").exists()


def test_each_theme_and_language_has_its_variant_and_one_is_large() -> None:
    assert {(variant.theme, variant.language) for variant in VARIANTS if variant.scale == 1} == {
        (theme, language) for theme in ("light", "dark") for language in ("en", "ja")
    }
    assert any(variant.scale == 2 for variant in VARIANTS)
