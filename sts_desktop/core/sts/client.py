"""The only maker of botocore clients: two calls of STS, one of IAM for MFA devices, one of S3 to try a session.

Nothing in the environment or in the AWS files changes where a request goes or what it holds; only proxies and the file
of trusted certificates are honoured, which companies need. What is shut out, each measured with botocore 1.44:
profiles and broken files, `endpoint_url` in all its forms, legacy, FIPS and dual-stack hosts, retries, client-side
monitoring, and service descriptions of one's own (`AWS_DATA_PATH`, `~/.aws/models`).
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sts_desktop.core.cancellation import Cancellation
from sts_desktop.core.clock import Now, utc_now
from sts_desktop.core.credentials import AccessKey, CallerIdentity, MfaCode, SessionCredentials
from sts_desktop.core.duration import MINIMUM_SECONDS, check_seconds
from sts_desktop.core.errors import StsDesktopError
from sts_desktop.core.sts import answers
from sts_desktop.core.sts.checks import check_access_key_id, check_mfa_serial, check_secret_access_key, parse_token_code
from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.errors import ServiceUnavailableError, ThrottledError, UnexpectedAnswerError
from sts_desktop.core.sts.exchange import Exchange
from sts_desktop.core.sts.faults import Call, own_error
from sts_desktop.core.sts.isolated_session import isolated_session

if TYPE_CHECKING:
    from sts_desktop.core.sts.mfa_devices import MfaDevice

T = TypeVar("T")

_lock = threading.Lock()

CONNECT_TIMEOUT = 5
READ_TIMEOUT = 10
"""Seconds: a person is waiting. botocore's own are 60 and 60."""

ATTEMPTS = 3
BUCKETS_A_PAGE = 10_000
BUCKET_PAGES = 100
"""How many answers about buckets are taken at most."""

DEVICE_PAGES = 10
"""The same of MFA devices; a user has up to eight (IAM User Guide, "AWS Multi-factor authentication in IAM")."""

FIRST_PAUSE = 1.0
"""Seconds at most before the second attempt; twice that before the third."""


def full_jitter(limit: float) -> float:
    """Return a random number of seconds up to `limit` (AWS Architecture Blog, "Exponential Backoff And Jitter")."""
    import random

    return random.uniform(0, limit)  # noqa: S311  (spreads load; no secret depends on it)


def own_url(endpoint: Endpoint) -> str:
    """Return the endpoint's URL: where requests go, unless a stand-in for STS is used."""
    return endpoint.url


def _forget_clock(_ahead: timedelta) -> None:
    """Where what is learned of a clock goes that nobody asked for."""


@dataclass(frozen=True)
class Probe:
    """What came of asking an endpoint once.

    Attributes:
        seconds: from the sending of the request, connecting included, to the answer; None when none came.
        problem: what is wrong with the answer, or why there is none; its `code` is AWS's, where AWS refused.
    """

    seconds: float | None
    problem: StsDesktopError | None = None


class Sts:
    """Calls STS. Cheap to make, safe on many threads; botocore is imported at the first call.

    botocore's sessions are not safe on many threads (boto/boto3#1592, boto/botocore#2991), so the process has one
    for each service behind a lock, which keeps its description; a client is made for each call (1 ms) and dropped with
    the key that it holds.

    Args:
        url_for: where the requests for an endpoint go, `https`, or `http` on this computer.
        now: this computer's clock, which a server's `Date` is compared with.
        learn_clock: told with each answer how far the server's clock is ahead.
        jitter: how long to pause of a given number of seconds at most.
    """

    def __init__(
        self,
        url_for: Callable[[Endpoint], str] = own_url,
        now: Now = utc_now,
        *,
        learn_clock: Callable[[timedelta], None] = _forget_clock,
        jitter: Callable[[float], float] = full_jitter,
    ) -> None:
        self._url_for = url_for
        self._now = now
        self._learn_clock = learn_clock
        self._jitter = jitter

    def get_session_token(
        self,
        endpoint: Endpoint,
        access_key: AccessKey,
        duration_seconds: int | None,
        mfa: MfaCode | None = None,
        *,
        cancellation: Cancellation | None = None,
    ) -> SessionCredentials:
        """Call `GetSessionToken`.

        Throttling and failures of the service are tried again, at most twice and within about 4 s; never with an MFA
        code, which AWS takes once, and never after a timeout, because a person is waiting.

        Args:
            endpoint: whom to ask.
            access_key: the long-lived key of an IAM user or root.
            duration_seconds: the wish, 900 to 129,600 s; None for what AWS gives by default. Root gets an hour.
            mfa: the device and its code, where one is to be sent.
            cancellation: looked at before each attempt.

        Raises:
            InvalidInputError: a value cannot be right; nothing was sent.
            StsDesktopError: one of the classes in `errors`.
            Cancelled: the person did not wait for the next attempt.
        """
        parameters: dict[str, object] = {}
        if duration_seconds is not None:
            parameters["DurationSeconds"] = check_seconds(duration_seconds)
        if mfa is not None:
            parameters["SerialNumber"] = check_mfa_serial(mfa.serial)
            parameters["TokenCode"] = parse_token_code(mfa.token_code)
        call = Call(endpoint, "sts", "get_session_token", with_code=mfa is not None)
        return self._answer(call, _checked(access_key), parameters, answers.session_credentials, cancellation)

    def get_caller_identity(
        self, endpoint: Endpoint, key: AccessKey | SessionCredentials, *, cancellation: Cancellation | None = None
    ) -> CallerIdentity:
        """Call `GetCallerIdentity`: whose key this is. Tries again as `get_session_token` does.

        Raises:
            Cancelled: the person did not wait for the next attempt.
            InvalidInputError: the key cannot be right; nothing was sent.
            StsDesktopError: one of the classes in `errors`.
        """
        checked = _checked(key) if isinstance(key, AccessKey) else key
        call = Call(endpoint, "sts", "get_caller_identity", with_code=False)
        return self._answer(call, checked, {}, answers.caller_identity, cancellation)

    def probe(
        self, endpoint: Endpoint, key: AccessKey | None, *, with_token: bool = False, limit_seconds: float
    ) -> Probe:
        """Ask an endpoint once: who calls, or for a token of the shortest duration, which is dropped.

        Args:
            endpoint: whom to ask.
            key: whose; None asks anonymously, which STS refuses as soon as it is reached.
            with_token: ask for a token. Only that tells whether STS is switched off for the account.
            limit_seconds: how long to connect, and how long to wait for the answer.

        Returns:
            how long the answer took, and what is wrong where it is no good one.

        Raises:
            InvalidInputError: the key cannot be right; nothing was sent.
        """
        checked = _checked(key) if key is not None else None
        exchange = Exchange(self._now)
        try:
            if with_token:
                call = Call(endpoint, "sts", "get_session_token", with_code=False)
                wish = {"DurationSeconds": MINIMUM_SECONDS}
                self._attempt(call, checked, wish, answers.session_credentials, exchange, limit_seconds)
            else:
                call = Call(endpoint, "sts", "get_caller_identity", with_code=False)
                self._attempt(call, checked, {}, answers.caller_identity, exchange, limit_seconds)
        except StsDesktopError as error:
            # The frames that it came through hold the key, and who asks may keep it for long.
            return Probe(exchange.seconds, error.with_traceback(None))
        return Probe(exchange.seconds)

    def prepare(self) -> None:
        """Load what a call of STS needs, before somebody measures how long one takes."""
        with _lock:
            isolated_session("sts").get_service_model("sts")

    def count_buckets(
        self, endpoint: Endpoint, session: SessionCredentials, *, cancellation: Cancellation | None = None
    ) -> int:
        """Call `s3:ListBuckets` and return how many buckets the account has in the partition of `endpoint`.

        Tries again as `get_session_token` does. One call names up to 10,000 buckets (S3 API Reference, `ListBuckets`),
        and no account has more than a million (Amazon S3 User Guide, "Bucket quotas").

        Args:
            endpoint: of S3 (see `s3.s3_endpoint`); it goes through `url_for` as those of STS do, so that a stand-in
                for STS never sends its session credentials to AWS.
            session: whose buckets.
            cancellation: looked at before each call.

        Raises:
            Cancelled: the person did not wait for the next call.
            StsDesktopError: one of the classes in `errors`; `RefusedError` with the code `AccessDenied` where the
                session may not list buckets.
        """
        call = Call(endpoint, "s3", "list_buckets", with_code=False)
        count, token = 0, ""
        for _page in range(BUCKET_PAGES):
            # Without a size AWS refuses accounts that may have more buckets (S3 API Reference, `ListBuckets`).
            parameters: dict[str, object] = {"MaxBuckets": BUCKETS_A_PAGE}
            if token:
                parameters["ContinuationToken"] = token
            names, token = self._answer(call, session, parameters, answers.bucket_names, cancellation)
            count += len(names)
            if not token:
                return count
        raise UnexpectedAnswerError(endpoint.host, with_code=False)

    def list_mfa_devices(
        self, endpoint: Endpoint, access_key: AccessKey, *, cancellation: Cancellation | None = None
    ) -> "tuple[MfaDevice, ...]":
        """Call `iam:ListMFADevices` and return the devices of the user whose key this is, FIDO keys included.

        Without a name IAM takes the user of the key that signs (IAM API Reference, `ListMFADevices`). Tries again as
        `get_session_token` does.

        Args:
            endpoint: of IAM (see `iam.iam_endpoint`); it goes through `url_for` as those of STS do.
            access_key: the long-lived key of an IAM user or root.
            cancellation: looked at before each call.

        Raises:
            Cancelled: the person did not wait for the next call.
            InvalidInputError: the key cannot be right; nothing was sent.
            StsDesktopError: one of the classes in `errors`; `RefusedError` with the code `AccessDenied` where the user
                may not list the devices.
        """
        call = Call(endpoint, "iam", "list_mfa_devices", with_code=False)
        key, devices, marker = _checked(access_key), [], ""
        for _page in range(DEVICE_PAGES):
            parameters: dict[str, object] = {"Marker": marker} if marker else {}
            found, marker = self._answer(call, key, parameters, answers.mfa_devices, cancellation)
            devices += found
            if not marker:
                return tuple(devices)
        raise UnexpectedAnswerError(endpoint.host, with_code=False)

    def _answer(
        self,
        call: Call,
        key: AccessKey | SessionCredentials,
        parameters: Mapping[str, object],
        read: Callable[[Mapping[str, Any]], T],
        cancellation: Cancellation | None,
    ) -> T:
        cancellation = cancellation or Cancellation()
        attempts = 1 if call.with_code else ATTEMPTS
        for attempt in range(attempts - 1):
            cancellation.raise_if_requested()
            try:
                return self._attempt(call, key, parameters, read)
            except (ThrottledError, ServiceUnavailableError):
                cancellation.wait(self._jitter(FIRST_PAUSE * 2**attempt))
        cancellation.raise_if_requested()
        return self._attempt(call, key, parameters, read)

    def _attempt(
        self,
        call: Call,
        key: AccessKey | SessionCredentials | None,
        parameters: Mapping[str, object],
        read: Callable[[Mapping[str, Any]], T],
        exchange: Exchange | None = None,
        limit_seconds: float | None = None,
    ) -> T:
        exchange = exchange or Exchange(self._now)
        with closing(self._client(call.endpoint, key, call.service, limit_seconds)) as client:
            exchange.watch(client, call.service)
            try:
                answer = read(getattr(client, call.operation)(**parameters))
                # Over plain http answers who is on this computer, and has no clock to teach.
                if call.endpoint.url.startswith("https:") and (ahead := exchange.clock_ahead()) is not None:
                    self._learn_clock(ahead)
                return answer
            except Exception as error:
                ours = own_error(error, call, exchange.head)
                if ours is None:
                    raise
        # Outside the handler, so that the error does not carry botocore's, whose text may hold secrets, with it.
        raise ours

    def _client(
        self,
        endpoint: Endpoint,
        key: AccessKey | SessionCredentials | None,
        service: str = "sts",
        limit_seconds: float | None = None,
    ) -> Any:
        from botocore import UNSIGNED
        from botocore.config import Config

        url = self._url_for(endpoint)
        config = Config(
            connect_timeout=limit_seconds or CONNECT_TIMEOUT,
            read_timeout=limit_seconds or READ_TIMEOUT,
            signature_version=UNSIGNED if key is None else None,
            retries={"mode": "standard", "total_max_attempts": 1},
            ignore_configured_endpoint_urls=True,
            use_fips_endpoint=False,
            use_dualstack_endpoint=False,
            user_agent_appid="sts-desktop",
            # Plain http never leaves this computer, so no proxy may see it; None takes those of the environment.
            proxies={} if url.startswith("http:") else None,
            # Or botocore looks for the old global host of S3 in the table of hosts that `service_data` leaves out.
            s3={"us_east_1_regional_endpoint": "regional"},
        )
        with _lock:
            client = isolated_session(service).create_client(
                service,
                region_name=endpoint.signing_region,
                endpoint_url=url,
                aws_access_key_id=key.access_key_id if key is not None else None,
                aws_secret_access_key=key.secret_access_key if key is not None else None,
                aws_session_token=key.session_token if isinstance(key, SessionCredentials) else None,
                config=config,
            )
        if client.meta.endpoint_url != url:
            raise RuntimeError(f"the request would go to {client.meta.endpoint_url} instead of {url}")
        return client


def _checked(key: AccessKey) -> AccessKey:
    return AccessKey(check_access_key_id(key.access_key_id), check_secret_access_key(key.secret_access_key))
