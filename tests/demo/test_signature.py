from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.demo.refusals import RefusalError
from sts_desktop.demo.signature import ReceivedRequest, read_authorization, verify

KEY_ID = "AKIAEXAMPLEDEMOALICE"
SECRET = "demo+secret+of+alice/not/a/real/AWS/key1"
BODY = b"Action=GetCallerIdentity&Version=2011-06-15"


def signed(
    *, service: str = "sts", region: str = "eu-west-1", target: str = "/", body: bytes = BODY, secret: str = SECRET
) -> ReceivedRequest:
    """A request as botocore signs it now."""
    headers = {"Host": "127.0.0.1:8000", "Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", f"http://127.0.0.1:8000{target}", headers=headers, data=body)
    SigV4Auth(Credentials(KEY_ID, secret), service, region).add_auth(request)
    received = tuple((name.lower(), value) for name, value in request.headers.items())
    return ReceivedRequest("POST", target, received, body)


def with_header(request: ReceivedRequest, name: str, value: str | None) -> ReceivedRequest:
    others = tuple(header for header in request.headers if header[0] != name)
    return replace(request, headers=others if value is None else (*others, (name, value)))


def check(request: ReceivedRequest, secret: str = SECRET, moment: datetime | None = None) -> None:
    authorization = read_authorization(request)
    verify(request, authorization, secret, moment or authorization.signed_at)


def refusal(request: ReceivedRequest, **options: datetime) -> RefusalError:
    with pytest.raises(RefusalError) as refused:
        check(request, **options)  # type: ignore[arg-type]  # only `moment` is passed
    return refused.value


def test_what_botocore_signs_is_accepted() -> None:
    check(signed())


@pytest.mark.parametrize("region", ["us-east-1", "ap-northeast-1", "cn-north-1"])
def test_any_region_may_be_in_the_scope(region: str) -> None:
    check(signed(region=region))


def test_a_query_is_signed_too() -> None:
    request = signed(target="/?b=2&a=1%20x", body=b"")
    check(request)
    assert refusal(replace(request, target="/?b=2&a=1%20y")).code == "SignatureDoesNotMatch"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60).filter(lambda secret: secret != SECRET))
def test_no_other_secret_will_do(secret: str) -> None:
    with pytest.raises(RefusalError, match="does not match the signature"):
        check(signed(), secret)


@given(st.integers(min_value=0, max_value=len(BODY) - 1), st.integers(min_value=1, max_value=255))
def test_no_byte_of_the_body_can_be_changed(place: int, difference: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= difference
    assert refusal(replace(signed(), body=bytes(changed))).code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("name", "value"), [("host", "127.0.0.1:9000"), ("content-type", "text/plain"), ("content-type", None)]
)
def test_no_signed_header_can_be_changed(name: str, value: str | None) -> None:
    assert refusal(with_header(signed(), name, value)).code == "SignatureDoesNotMatch"


def test_an_unsigned_header_does_not_matter() -> None:
    check(with_header(signed(), "user-agent", "curl"))


def test_the_host_has_to_be_signed() -> None:
    headers = {"X-Amz-Date": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"}
    request = AWSRequest("POST", "http://127.0.0.1:8000/", headers=headers, data=BODY)
    signer = SigV4Auth(Credentials(KEY_ID, SECRET), "sts", "eu-west-1")
    signer.headers_to_sign = lambda request: request.headers
    signer.add_auth(request)
    received = tuple((name.lower(), value) for name, value in request.headers.items())
    hostless = ReceivedRequest("POST", "/", received, BODY)
    assert read_authorization(hostless).signed_headers == ("x-amz-date",)
    assert refusal(hostless).code == "SignatureDoesNotMatch"


def test_a_false_hash_of_the_body_is_refused() -> None:
    headers = {"Host": "127.0.0.1:8000", "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
    request = AWSRequest("POST", "http://127.0.0.1:8000/", headers=headers, data=BODY)
    SigV4Auth(Credentials(KEY_ID, SECRET), "sts", "eu-west-1").add_auth(request)
    received = tuple((name.lower(), value) for name, value in request.headers.items())
    assert refusal(ReceivedRequest("POST", "/", received, b"Action=Else")).code == "SignatureDoesNotMatch"


def test_another_service_is_refused() -> None:
    refused = refusal(signed(service="iam"))
    assert (refused.code, refused.status) == ("SignatureDoesNotMatch", 403)
    assert refused.message == "Credential should be scoped to correct service: 'sts'. "


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("aws4_request", "aws5_request", "valid terminator"), ("/20", "/19", "Date in Credential scope does not match")],
)
def test_a_scope_that_does_not_fit_the_request(old: str, new: str, words: str) -> None:
    request = signed()
    changed = with_header(request, "authorization", (request.header("authorization") or "").replace(old, new, 1))
    refused = refusal(changed)
    assert refused.code == "SignatureDoesNotMatch"
    assert words in refused.message


@pytest.mark.parametrize("minutes", [-15, 0, 15])
def test_fifteen_minutes_are_forgiven(minutes: int) -> None:
    request = signed()
    check(request, moment=read_authorization(request).signed_at + timedelta(minutes=minutes))


@pytest.fixture
def on_the_first_of_june() -> Callable[[str], ReceivedRequest]:
    """A request whose header says it was signed then; its signature is not looked at before its date."""

    def request(date: str) -> ReceivedRequest:
        scope = f"{KEY_ID}/20260601/eu-west-1/sts/aws4_request"
        authorization = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature=00"
        return ReceivedRequest("POST", "/", (("authorization", authorization), ("x-amz-date", date), ("host", "h")))

    return request


def test_a_late_request_is_refused_in_the_words_of_aws(on_the_first_of_june: Callable[[str], ReceivedRequest]) -> None:
    moment = datetime(2026, 6, 1, 12, 15, 1, tzinfo=UTC)
    refused = refusal(on_the_first_of_june("20260601T120000Z"), moment=moment)
    assert (refused.code, refused.status) == ("SignatureDoesNotMatch", 403)
    assert refused.message == (
        "Signature expired: 20260601T120000Z is now earlier than 20260601T120001Z (20260601T121501Z - 15 min.)"
    )


def test_an_early_request_is_refused_in_the_words_of_aws(
    on_the_first_of_june: Callable[[str], ReceivedRequest],
) -> None:
    moment = datetime(2026, 6, 1, 11, 44, 59, tzinfo=UTC)
    refused = refusal(on_the_first_of_june("20260601T120000Z"), moment=moment)
    assert (refused.code, refused.status) == ("SignatureDoesNotMatch", 403)
    assert refused.message == (
        "Signature not yet current: 20260601T120000Z is still later than 20260601T115959Z (20260601T114459Z + 15 min.)"
    )


@pytest.mark.parametrize(
    "date", ["20260601", "2026-06-01", "soon", "20260631T120000Z", "Fri, 31 Dec 9999 23:59:59 -2300"]
)
def test_a_date_that_cannot_be_read(on_the_first_of_june: Callable[[str], ReceivedRequest], date: str) -> None:
    refused = refusal(on_the_first_of_june(date))
    assert (refused.code, refused.status) == ("IncompleteSignature", 400)


def test_a_date_header_will_do() -> None:
    request = AWSRequest("POST", "http://h/", headers={"Host": "h", "Date": "x"}, data=BODY)
    SigV4Auth(Credentials(KEY_ID, SECRET), "sts", "eu-west-1").add_auth(request)
    received = tuple((name.lower(), value) for name, value in request.headers.items())
    assert "x-amz-date" not in dict(received)
    check(ReceivedRequest("POST", "/", received, BODY))


def test_an_unsigned_request() -> None:
    refused = refusal(with_header(signed(), "authorization", None))
    assert (refused.code, refused.status) == ("MissingAuthenticationToken", 403)


@pytest.mark.parametrize("header", ["Basic YTpi", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=,Signature="])
def test_an_authorization_without_its_parts(header: str) -> None:
    refused = refusal(with_header(signed(), "authorization", header))
    assert (refused.code, refused.status) == ("IncompleteSignature", 400)
    for name in ("Credential", "Signature", "SignedHeaders"):
        assert f"Authorization header requires '{name}' parameter." in refused.message


def test_a_request_without_a_date() -> None:
    refused = refusal(with_header(signed(), "x-amz-date", None))
    assert refused.code == "IncompleteSignature"
    assert "either a 'X-Amz-Date' or a 'Date' header" in refused.message


@pytest.mark.parametrize(
    "credential", [KEY_ID, f"{KEY_ID}/20260601/eu-west-1/sts", "a/b/20260601/eu-west-1/sts/aws4_request"]
)
def test_a_credential_with_too_many_or_too_few_parts(credential: str) -> None:
    header = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=00"
    refused = refusal(with_header(signed(), "authorization", header))
    assert (refused.code, refused.status) == ("IncompleteSignature", 400)
    assert (
        f"exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'"
        in refused.message
    )


@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_any_authorization_header_is_answered(header: str) -> None:
    with pytest.raises(RefusalError):
        check(with_header(signed(), "authorization", header))
    with pytest.raises(RefusalError):
        check(with_header(signed(), "authorization", f"AWS4-HMAC-SHA256 {header}"))
