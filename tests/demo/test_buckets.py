from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.demo.buckets import Bucket, demo_buckets, page_of

MADE = datetime(2026, 1, 2, tzinfo=UTC)
NAMES = st.lists(st.from_regex(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", fullmatch=True), unique=True, max_size=30)


def buckets(*names: str, region: str = "eu-west-1") -> list[Bucket]:
    return [Bucket(name, region, MADE) for name in names]


def names_of(found: object) -> list[str]:
    return [bucket.name for bucket in found]  # type: ignore[attr-defined]  # any series of buckets


@given(NAMES, st.integers(min_value=1, max_value=10))
def test_the_parts_make_the_whole_in_order(names: list[str], size: int) -> None:
    collected: list[str] = []
    token = ""
    for _part in range(len(names) + 1):
        page = page_of(buckets(*names), size=size, continuation_token=token)
        assert len(page.buckets) <= size
        collected += names_of(page.buckets)
        token = page.continuation_token
        if not token:
            break
        assert page.buckets  # or it would go on for ever
    assert collected == sorted(names)


def test_a_list_that_fits_is_not_continued() -> None:
    assert page_of(buckets("one", "two"), size=2).continuation_token == ""
    assert page_of([], size=1).buckets == ()


def test_prefix_and_region_choose_before_the_size_does() -> None:
    there = [*buckets("a-1", "b-1", "b-2", "b-3"), *buckets("b-0", region="us-east-1")]
    first = page_of(there, size=2, prefix="b-", region="eu-west-1")
    assert names_of(first.buckets) == ["b-1", "b-2"]
    rest = page_of(there, size=2, prefix="b-", region="eu-west-1", continuation_token=first.continuation_token)
    assert (names_of(rest.buckets), rest.continuation_token) == (["b-3"], "")


def test_the_token_is_no_name_of_a_bucket() -> None:
    token = page_of(buckets("first", "second"), size=1).continuation_token
    assert "first" not in token
    assert "second" not in token


@pytest.mark.parametrize("token", ["x", "é", "gICA", "YQ==!"])
def test_a_token_of_somewhere_else_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match=token):
        page_of(buckets("one"), continuation_token=token)


def test_the_demo_has_a_dozen_with_names_that_s3_takes() -> None:
    names = names_of(demo_buckets())
    assert len(set(names)) == 12
    assert all(3 <= len(name) <= 63 and name.replace("-", "").isalnum() for name in names)
