"""What the embedded server does with a request of IAM: it lists the MFA devices of a user, and nothing else.

Shapes: IAM API Reference, ListMFADevices; an error answer as a whole in aws/aws-cli#8918.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import escape

from sts_desktop.demo import refusals
from sts_desktop.demo.control import Faults
from sts_desktop.demo.directory import DemoUser, Directory, KeyHolder
from sts_desktop.demo.operations import FAILURES, authenticate, read_form
from sts_desktop.demo.refusals import RefusalError
from sts_desktop.demo.responses import Answer, error_answer, result_answer
from sts_desktop.demo.signature import ReceivedRequest

SERVICE = "iam"
VERSION = "2010-05-08"
NAMESPACE = f"https://iam.amazonaws.com/doc/{VERSION}/"
PAGE_SIZE = 100
LARGEST_PAGE = 1_000
ENABLED = "2026-01-05T09:30:00Z"


def respond(request: ReceivedRequest, directory: Directory, faults: Faults, moment: datetime) -> Answer:
    """Return the answer to `request`, which is scoped to IAM; the arguments are those of `operations.respond`."""
    try:
        return _operate(request, directory, faults, moment)
    except RefusalError as refusal:
        return error_answer(refusal, NAMESPACE)


def _operate(request: ReceivedRequest, directory: Directory, faults: Faults, moment: datetime) -> Answer:
    if faults.answer in FAILURES:
        raise FAILURES[faults.answer]()
    holder = authenticate(request, directory, moment, SERVICE)
    if holder.session and not holder.with_mfa:
        # As if there were no such key: 99designs/aws-vault#15, #172, #1056.
        raise refusals.invalid_client_token_id()
    if faults.throttled:
        raise refusals.throttled()
    form = read_form(request)
    action, version = form.get("Action"), form.get("Version", "")
    if not action:
        raise refusals.missing_action()
    if version != VERSION or action != "ListMFADevices":
        raise refusals.invalid_action(action, version)
    return _list_devices(form, _user_meant(form, holder, directory))


def _user_meant(form: Mapping[str, str], holder: KeyHolder, directory: Directory) -> DemoUser:
    """Return the user that is named, or else the one whose key it is; raise RefusalError where that is not allowed."""
    caller = holder.user
    name = form.get("UserName", caller.name)
    is_denied = caller.needs_mfa and not holder.with_mfa
    if is_denied or (name != caller.name and not caller.is_root):
        raise refusals.listing_denied(caller.identity.arn, name)
    try:
        return directory.user(name)
    except KeyError:
        raise refusals.no_such_user(name) from None


def _list_devices(form: Mapping[str, str], user: DemoUser) -> Answer:
    start, size = _read_page(form)
    serials = user.device_serials[start : start + size]
    end = start + len(serials)
    members = "".join(_member(user, serial) for serial in serials)
    is_truncated = end < len(user.device_serials)
    marker = f"    <Marker>{_marker(end)}</Marker>\n" if is_truncated else ""
    content = f"    <MFADevices>\n{members}    </MFADevices>\n"
    content += f"    <IsTruncated>{str(is_truncated).lower()}</IsTruncated>\n{marker}"
    return result_answer("ListMFADevices", content, NAMESPACE)


def _member(user: DemoUser, serial: str) -> str:
    return f"""      <member>
        <UserName>{escape(user.name)}</UserName>
        <SerialNumber>{escape(serial)}</SerialNumber>
        <EnableDate>{ENABLED}</EnableDate>
      </member>
"""


def _read_page(form: Mapping[str, str]) -> tuple[int, int]:
    """Return where the page begins and how many devices it has at most.

    Raises:
        RefusalError: ValidationError; AWS's own sentences about the two are not on record.
    """
    size = form.get("MaxItems", str(PAGE_SIZE))
    if not re.fullmatch("[0-9]{1,9}", size) or not 1 <= int(size) <= LARGEST_PAGE:
        raise refusals.validation_error([f"Value '{size}' at 'maxItems' failed to satisfy constraint: 1 to 1000"])
    marker = form.get("Marker")
    if marker is None:
        return 0, int(size)
    try:
        return int(base64.b64decode(marker, validate=True)), int(size)
    except (binascii.Error, ValueError):
        raise refusals.validation_error([f"Value '{marker}' at 'marker' is none that was given"]) from None


def _marker(start: int) -> str:
    return base64.b64encode(str(start).encode()).decode("ascii")
