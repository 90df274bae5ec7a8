from datetime import timedelta
from gettext import NullTranslations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sts_desktop.core import i18n
from sts_desktop.core.duration import (
    DEFAULT_SECONDS,
    MAXIMUM_SECONDS,
    MINIMUM_SECONDS,
    PRESETS,
    check_seconds,
    format_countdown,
    format_duration,
    format_remaining,
    format_wish,
    parse_duration,
    parse_wish,
)
from sts_desktop.core.errors import Field, InvalidInputError

valid_seconds = st.integers(MINIMUM_SECONDS, MAXIMUM_SECONDS)


class JapaneseUnits(NullTranslations):
    """The units as Japanese writes them, whatever a catalog makes of them."""

    def gettext(self, message: str) -> str:
        return {
            "{count} d": "{count}日",
            "{count} h": "{count}時間",
            "{count} min": "{count}分",
            "{count} s": "{count}秒",
        }[message]


@pytest.fixture(params=["English", "Japanese catalog", "Japanese units"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "Japanese catalog":
        i18n.install("ja")
    if request.param == "Japanese units":
        monkeypatch.setattr(i18n, "_translations", JapaneseUnits())


@pytest.mark.usefixtures("language")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the language holds for all examples
@given(valid_seconds)
def test_a_formatted_duration_is_read_back(seconds: int) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3600", 3_600),
        ("90m", 5_400),
        ("90 min", 5_400),
        ("12h", 43_200),
        ("12H", 43_200),
        (" 2 hours ", 7_200),
        ("1 hour 30 minutes", 5_400),
        ("1d", 86_400),
        ("1d 12h", 129_600),
        ("1d12h", 129_600),
        ("12h 1d", 129_600),
        ("1.5h", 5_400),
        ("0.3333h", 1_200),
        ("900s", 900),
        ("12 時間", 43_200),
        ("1日12時間", 129_600),
        ("1日間", 86_400),
        ("90分", 5_400),
        ("9０分", 5_400),
        ("１２ｈ", 43_200),
        ("３６００", 3_600),
        ("12\u00a0h", 43_200),
    ],
)
def test_durations_as_people_write_them(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.fault(5)
@pytest.mark.parametrize("text", ["899", "129601", "0", "1000000000", "1s", "37h", "2d", "14 min", "1d 12h 1s"])
def test_a_duration_out_of_range_is_refused_with_the_range(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_duration(text)
    assert caught.value.field is Field.DURATION
    assert "15 minutes and 36 hours" in str(caught.value)


@pytest.mark.fault(5)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "-1",
        "1e9",
        "abc",
        "h",
        "12 x",
        "1h 1h",
        "1h 60",
        "12:00",
        "1,5h",
        "٣٦٠٠",
        "9" * 5_000,
        "<b>1h</b>",
        "½h",
    ],
)
def test_nonsense_is_refused_with_the_range(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_duration(text)
    assert caught.value.field is Field.DURATION
    assert "15 minutes and 36 hours" in str(caught.value)


@given(st.text())
def test_any_text_gives_a_valid_duration_or_a_refusal(text: str) -> None:
    try:
        seconds = parse_duration(text)
    except InvalidInputError:
        return
    assert MINIMUM_SECONDS <= seconds <= MAXIMUM_SECONDS


@pytest.mark.parametrize("seconds", [MINIMUM_SECONDS, DEFAULT_SECONDS, MAXIMUM_SECONDS])
def test_the_limits_themselves_are_accepted(seconds: int) -> None:
    assert check_seconds(seconds) == seconds


@pytest.mark.parametrize("seconds", [MINIMUM_SECONDS - 1, MAXIMUM_SECONDS + 1, 0, -1])
def test_seconds_beyond_the_limits_are_refused(seconds: int) -> None:
    with pytest.raises(InvalidInputError):
        check_seconds(seconds)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (900, "15 min"),
        (3_600, "1 h"),
        (5_400, "90 min"),
        (7_140, "119 min"),
        (7_200, "2 h"),
        (9_000, "2 h 30 min"),
        (43_200, "12 h"),
        (86_400, "1 d"),
        (129_600, "1 d 12 h"),
        (3_601, "1 h 1 s"),
    ],
)
def test_durations_in_words(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text


def test_the_presets_are_valid_and_include_the_default() -> None:
    assert [format_duration(preset) for preset in PRESETS] == ["15 min", "1 h", "4 h", "8 h", "12 h", "1 d", "1 d 12 h"]
    assert DEFAULT_SECONDS in PRESETS


@pytest.mark.fault(11)
@pytest.mark.parametrize(
    ("remaining", "words", "countdown"),
    [
        (timedelta(hours=11, minutes=42, seconds=10), "11 h 42 min", "11:42:10"),
        (timedelta(minutes=4, seconds=12), "4 min 12 s", "0:04:12"),
        (timedelta(seconds=9, microseconds=999_999), "9 s", "0:00:09"),
        (timedelta(days=1, hours=12), "36 h 0 min", "36:00:00"),
        (timedelta(), "0 s", "0:00:00"),
        (timedelta(hours=-3), "0 s", "0:00:00"),
    ],
)
def test_time_left(remaining: timedelta, words: str, countdown: str) -> None:
    assert format_remaining(remaining) == words
    assert format_countdown(remaining) == countdown


@pytest.mark.parametrize("text", ["default", " Default ", "AWS default", "aws DEFAULT", "ＤＥＦＡＵＬＴ"])
def test_a_duration_can_be_left_to_aws(text: str) -> None:
    assert parse_wish(text) is None


def test_the_word_for_it_is_understood_in_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    translated = {"default": "既定", "AWS default": "AWS の既定"}
    monkeypatch.setattr("sts_desktop.core.duration._", lambda text: translated.get(text, text))
    assert format_wish(None) == "AWS の既定"
    assert [parse_wish(text) for text in ("既定", "ＡＷＳ の既定", "default")] == [None, None, None]


@given(st.one_of(st.none(), st.integers(MINIMUM_SECONDS, MAXIMUM_SECONDS)))
def test_a_wish_is_read_back_from_its_words(wish: int | None) -> None:
    assert parse_wish(format_wish(wish)) == wish


@pytest.mark.fault(5)
@pytest.mark.parametrize("text", ["", "899", "none", "defaults", "default 1h"])
def test_what_is_no_wish_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_wish(text)
