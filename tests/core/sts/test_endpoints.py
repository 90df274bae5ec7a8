import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core import i18n
from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.sts.endpoint import GLOBAL_ID
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint, endpoints, partition_of
from sts_desktop.core.sts.errors import UnknownEndpointError


def test_the_global_endpoint_stands_first_and_the_regions_by_place() -> None:
    listed = endpoints("aws")
    assert listed[0].id == GLOBAL_ID
    places = [each.place_en for each in listed[1:]]
    assert places == sorted(places)
    assert len(listed) == 34 + len([each for each in listed if each.is_fips]) + 1


def test_places_follow_the_language() -> None:
    assert endpoint("ap-northeast-1").place == "Tokyo"
    i18n.install("ja")
    assert endpoint("ap-northeast-1").place == "東京"
    places = [each.place for each in endpoints("aws")[1:]]
    assert places == sorted(places)


def test_all_partitions_come_one_after_the_other() -> None:
    partitions = [each.partition for each in endpoints()]
    assert list(dict.fromkeys(partitions))[:3] == ["aws", "aws-cn", "aws-us-gov"]
    assert partitions == sorted(partitions, key=list(dict.fromkeys(partitions)).index)
    assert {each.partition for each in endpoints("aws-cn")} == {"aws-cn"}


def test_an_endpoint_says_its_host_and_signing_region() -> None:
    worldwide = endpoint(GLOBAL_ID)
    assert (worldwide.host, worldwide.signing_region) == ("sts.amazonaws.com", "us-east-1")
    assert endpoint("cn-north-1").host == "sts.cn-north-1.amazonaws.com.cn"


def test_where_tokens_work() -> None:
    assert "enabled by default" in endpoint(GLOBAL_ID).works_where()
    assert "all regions" in endpoint("eu-west-1").works_where()
    assert "aws-us-gov" in endpoint("us-gov-west-1").works_where()
    assert custom_endpoint("https://localhost", "eu-west-1").works_where() != endpoint("eu-west-1").works_where()


def test_whom_an_endpoint_serves_and_what_has_changed_is_said() -> None:
    assert "switch STS off there" in endpoint("eu-west-1").explanation()
    assert "serves every account" in endpoint("us-east-1").explanation()
    assert "Since 2025" in endpoint(GLOBAL_ID).explanation()
    for region, is_of_2021 in (("af-south-1", True), ("eu-central-2", False)):
        told = endpoint(region).explanation()
        assert "accounts that have enabled the region" in told
        assert ("In 2021" in told) is is_of_2021
    own = custom_endpoint("https://localhost", "eu-west-1")
    assert own.explanation() == own.works_where()


@pytest.mark.parametrize(
    ("needle", "name"),
    [
        ("tokyo", "ap-northeast-1"),
        ("東京", "ap-northeast-1"),
        ("NORTHEAST-1", "ap-northeast-1"),
        ("sts.eu-west-1", "eu-west-1"),
        ("aws ireland", "eu-west-1"),
        ("sao", "sa-east-1"),
        ("São", "sa-east-1"),
        ("ｔｏｋｙｏ", "ap-northeast-1"),
        ("ﾄﾞｲﾂ", "eusc-de-east-1"),
        ("グローバル", "global"),
    ],
)
def test_endpoints_are_found_by_any_of_their_names(needle: str, name: str) -> None:
    assert endpoint(name).matches(needle)
    assert not all(each.matches(needle) for each in endpoints())


def test_an_empty_search_finds_everything_and_a_strange_one_nothing() -> None:
    assert all(each.matches("  ") for each in endpoints())
    assert not any(each.matches("tokyo ireland") for each in endpoints())


def test_voice_marks_of_kana_count() -> None:
    assert not endpoint("ap-south-2").matches("ハイテラハート")


@pytest.mark.parametrize("name", ["AP-NORTHEAST-1", "ap-northeast1", " ap-northeast-1"])
def test_an_unknown_endpoint_names_a_similar_one(name: str) -> None:
    with pytest.raises(UnknownEndpointError, match="ap-northeast-1”\\?") as caught:
        endpoint(name)
    assert caught.value.field is Field.ENDPOINT


def test_an_endpoint_like_no_other_is_refused_without_a_guess() -> None:
    with pytest.raises(UnknownEndpointError) as caught:
        endpoint("日本")
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://vpce-1.sts.eu-west-1.vpce.amazonaws.com", "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com"),
        (" https://Example.COM:8443/ ", "https://example.com:8443"),
        ("http://localhost:4566", "http://localhost:4566"),
        ("http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("http://127.8.9.1", "http://127.8.9.1"),
        ("http://[::1]:4566/", "http://[::1]:4566"),
    ],
)
def test_custom_endpoints(url: str, origin: str) -> None:
    custom = custom_endpoint(url, "cn-north-1")
    assert custom.url == origin
    assert (custom.id, custom.signing_region, custom.partition) == ("custom", "cn-north-1", "aws-cn")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "http://example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://127.1",
        "http://0.0.0.0",
        "http://[::]",
        "http://localhost@example.com",
        "https://user:password@example.com",
        "https://example.com/path",
        "https://example.com?query",
        "https://example.com#fragment",
        "https://example.com:0",
        "https://example.com:99999",
        "https://example.com:port",
        "https://",
        "https://:443",
        "https://a..b",
        "https://a_b.example",
        "https://-a.example",
        "https://a-.example",
        f"https://{'a' * 64}.example",
        f"https://{'a.' * 130}example",
        "https://example.com:",
        "https://[not-an-address",
        "https://exa mple.com",
        "https://example.com\\@other",
        "https://example.com\r\nHost: other",
        "https://例え.jp",
        "ftp://example.com",
        "file:///etc/passwd",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        custom_endpoint(url, "eu-west-1")
    assert caught.value.field is Field.ENDPOINT
    assert "password" not in str(caught.value)


@given(st.text(), st.sampled_from(["https://", "http://", ""]))
def test_no_address_gets_plain_http_to_another_computer(text: str, scheme: str) -> None:
    try:
        custom = custom_endpoint(scheme + text, "eu-west-1")
    except InvalidInputError:
        return
    assert custom.url.startswith(("https://", "http://127.", "http://localhost", "http://[::1]"))
    assert not custom.url.endswith("/")


@pytest.mark.parametrize("region", ["", "global", "custom", "eu-west-1 ", "EU-WEST-1", "xx-nowhere-9", "../x"])
def test_a_custom_endpoint_needs_a_known_signing_region(region: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        custom_endpoint("https://example.com", region)
    assert caught.value.field is Field.ENDPOINT


@pytest.mark.parametrize(
    ("value", "partition"),
    [
        ("eu-west-1", "aws"),
        ("global", "aws"),
        ("us-gov-east-1", "aws-us-gov"),
        ("arn:aws-cn:iam::123456789012:mfa/alice", "aws-cn"),
        ("arn:aws:sts::123456789012:assumed-role/r/s", "aws"),
        ("arn:", None),
        ("arn:other:iam::123456789012:mfa/alice", None),
        ("GAHT12345678", None),
        ("custom", None),
        ("", None),
    ],
)
def test_the_partition_of_a_name(value: str, partition: str | None) -> None:
    assert partition_of(value) == partition


def test_endpoints_need_nothing_heavy() -> None:
    code = "import sys, sts_desktop.core.sts.endpoints as e; e.endpoints(); e.endpoint('eu-west-1').matches('x'); "
    code += "sys.exit(any(name in sys.modules for name in ('botocore', 'urllib.request', 'ssl')))"
    assert subprocess.run([sys.executable, "-I", "-c", code]).returncode == 0
