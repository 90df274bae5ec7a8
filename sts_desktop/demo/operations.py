"""What the embedded server does with a request of STS: who sends it, what they want, and whether they may have it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.demo import refusals, signature
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import DemoUser, Directory, KeyHolder
from sts_desktop.demo.faulty_answers import FaultyAnswer
from sts_desktop.demo.parameters import SessionTokenParameters, read_parameters
from sts_desktop.demo.refusals import RefusalError
from sts_desktop.demo.responses import Answer, caller_identity_answer, error_answer, session_token_answer
from sts_desktop.demo.signature import ReceivedRequest

VERSION = "2011-06-15"
"""The version of the STS API, the only one there has been."""

# The defaults and the cap stand in the API reference of GetSessionToken, "Session Duration".
USER_DURATION_SECONDS = 43_200
ROOT_DURATION_SECONDS = 3_600


def respond(request: ReceivedRequest, directory: Directory, faults: Faults, moment: datetime) -> Answer:
    """Return the answer to `request`.

    Args:
        request: what arrived.
        directory: the users and sessions that the server knows.
        faults: what is wrong with the server; delay, silence and what networks do to answers are the caller's business.
        moment: what the server's clock shows.
    """
    try:
        return _operate(request, directory, faults, moment)
    except RefusalError as refusal:
        return error_answer(refusal)


def _operate(request: ReceivedRequest, directory: Directory, faults: Faults, moment: datetime) -> Answer:
    if faults.answer in FAILURES:
        raise FAILURES[faults.answer]()
    holder = authenticate(request, directory, moment)
    if faults.throttled:
        raise refusals.throttled()
    form = read_form(request)
    action, version = form.get("Action"), form.get("Version", "")
    if not action:
        raise refusals.missing_action()
    if version != VERSION or action not in ("GetSessionToken", "GetCallerIdentity"):
        raise refusals.invalid_action(action, version)
    if action == "GetCallerIdentity":
        return caller_identity_answer(holder.user.identity)
    if holder.session:
        raise refusals.session_credentials_used()
    if faults.region_disabled:
        raise refusals.region_disabled(holder.user.account)
    parameters = read_parameters(form)
    _check_mfa(parameters, holder.user, directory)
    return session_token_answer(_issue(parameters, holder.user, directory, faults, moment))


def authenticate(
    request: ReceivedRequest, directory: Directory, moment: datetime, service: str = signature.SERVICE
) -> KeyHolder:
    """Return who signed `request` for `service`; raise RefusalError when nobody known did, or the key has ended."""
    authorization = signature.read_authorization(request)
    holder = directory.holder(authorization.access_key_id)
    if holder is None or not holder.user.is_active:
        raise refusals.invalid_client_token_id()
    expected_token = holder.session.session_token if holder.session else None
    if request.header("x-amz-security-token") != expected_token:
        raise refusals.invalid_client_token_id()
    if holder.session and holder.session.expiration <= moment:
        raise refusals.expired_token()
    signature.verify(request, authorization, holder.secret_access_key, moment, service)
    return holder


def read_form(request: ReceivedRequest) -> dict[str, str]:
    """Return the parameters of the request: those of its body, or of the query of a GET."""
    text = request.target.partition("?")[2] if request.method == "GET" else request.body.decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True))


def _check_mfa(parameters: SessionTokenParameters, user: DemoUser, directory: Directory) -> None:
    """Raise RefusalError unless the request names no device, or one of the user's with the code it shows now."""
    serial, code = parameters.serial_number, parameters.token_code
    if serial is None and code is None:
        return
    if serial is None or code is None:
        raise refusals.serial_and_code_go_together()
    if serial not in (device.serial for device in user.devices):
        raise refusals.unknown_mfa_device()
    if not directory.use_code(serial, code):
        raise refusals.wrong_token_code()


def _issue(
    parameters: SessionTokenParameters, user: DemoUser, directory: Directory, faults: Faults, moment: datetime
) -> SessionCredentials:
    seconds = parameters.duration_seconds or USER_DURATION_SECONDS
    if user.is_root:
        seconds = min(seconds, ROOT_DURATION_SECONDS)
    return directory.issue(
        user,
        expiration=moment.replace(microsecond=0) + timedelta(seconds=seconds),
        token_size=max(faults.token_size, parameters.minimum_token_size or 0),
        with_mfa=parameters.serial_number is not None,
    )


FAILURES: dict[FaultyAnswer | None, Callable[[], RefusalError]] = {
    FaultyAnswer.INTERNAL_FAILURE: refusals.internal_failure,
    FaultyAnswer.SERVICE_UNAVAILABLE: refusals.service_unavailable,
}
"""What the services of the Query protocol answer when they fail."""
