from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from botocore.exceptions import ConnectTimeoutError, HTTPClientError, ProxyConnectionError
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.sts import errors
from sts_desktop.core.sts.endpoints import endpoint
from sts_desktop.core.sts.exchange import answer_head
from sts_desktop.core.sts.faults import Call, own_error

NOW = datetime(2026, 7, 1, tzinfo=UTC)
CALL = Call(endpoint("eu-west-1"), "sts", "get_session_token", with_code=False)


def test_a_bug_is_not_dressed_up_as_a_fault_of_the_network() -> None:
    assert own_error(TypeError("a bug"), CALL, None) is None


@pytest.mark.fault(10)
@given(
    date=st.text()
    | st.builds(
        "Mon, {} {} {} {}:{}:{} {}".format,
        *[st.integers(), st.sampled_from(["Jan", "Feb", "13"]), *[st.integers()] * 4],
        st.integers() | st.sampled_from(["GMT", "+2359", "-0000", "+99999999999999999999"]),
    ),
)
def test_whatever_a_server_says_of_its_clock_is_a_difference_or_nothing(date: str) -> None:
    offset = answer_head(403, {"Date": date}, NOW).clock_offset()
    assert isinstance(offset, timedelta | None)


@pytest.mark.fault(12)
def test_a_connection_that_does_not_come_about_in_time() -> None:
    error = own_error(ConnectTimeoutError(endpoint_url="https://x", error=None), CALL, None)
    assert type(error) is errors.OfflineError


def test_what_may_have_been_sent_is_not_called_offline() -> None:
    assert type(own_error(HTTPClientError(error="whatever"), CALL, None)) is errors.NotAnsweringError


@pytest.mark.fault(15)
@pytest.mark.parametrize(
    ("proxy", "host"),
    [
        ("http://joe:pa55word@proxy.example:3128", "proxy.example:3128"),
        ("http://joe:pa55word@proxy.example:3128/", "proxy.example:3128"),
        ("joe:pa55word@proxy.example", "proxy.example"),
        ("http://proxy.example:3128", "proxy.example:3128"),
        ("proxy.example:3128", "proxy.example:3128"),
        ("http://h:pa55word@[::1]:3128", "[::1]:3128"),
        ("http://joe:pa55word@//pa55word@proxy.example", "proxy.example"),
        ("http://joe:pa55word/@proxy.example", "proxy.example"),
        ("socks5://joe:pa55word@proxy.example:1080", "proxy.example:1080"),
    ],
)
def test_the_proxy_is_named_without_its_password(proxy: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = own_error(ProxyConnectionError(proxy_url=proxy, error=None), CALL, None)
    assert type(error) is errors.ProxyError
    assert f"The proxy {host} " in str(error)
    assert "pa55word" not in repr(error)


@pytest.mark.fault(15)
def test_an_address_that_makes_no_sense_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://joe:pa55word proxy")
    error = own_error(HTTPClientError(error="whatever"), CALL, None)
    assert type(error) is errors.ProxyError
    assert "pa55word" not in repr(error)


@pytest.mark.fault(10)
@given(
    ahead=st.floats(-900, 900).map(lambda seconds: timedelta(seconds=seconds)),
    there=st.floats(0, 20).map(lambda seconds: timedelta(seconds=seconds)),
    back=st.floats(0, 20).map(lambda seconds: timedelta(seconds=seconds)),
)
def test_a_slow_answer_does_not_make_a_wrong_clock(ahead: timedelta, there: timedelta, back: timedelta) -> None:
    date = (NOW + there + ahead).replace(microsecond=0)
    head = answer_head(200, {"Date": format_datetime(date, usegmt=True)}, NOW + there + back)
    found = head.clock_ahead(NOW)
    assert found is not None
    assert abs(found) <= abs(ahead) + timedelta(seconds=1)
    assert abs(ahead - found) <= there + back + timedelta(seconds=1)
    if ahead == timedelta():
        assert found == timedelta()


def test_an_answer_without_a_date_says_nothing_of_the_clock() -> None:
    assert answer_head(200, {}, NOW).clock_ahead(NOW) is None
