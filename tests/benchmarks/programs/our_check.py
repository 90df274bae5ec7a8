"""All regions of the partition `aws` checked at once, beside one bare call: `our_check.py URL KEY_ID SECRET`."""

import sys
import time

from botocore.session import Session
from telling import tell

from sts_desktop.core.credentials import AccessKey
from sts_desktop.core.sts.client import Sts
from sts_desktop.core.sts.endpoint_check import EndpointCheck, Outcome, check_endpoint, check_endpoints
from sts_desktop.core.sts.endpoints import endpoints

url, key = sys.argv[1], AccessKey(*sys.argv[2:4])
sts = Sts(url_for=lambda _endpoint: url)
regions = [known for known in endpoints("aws") if known.is_regional]
bare = Session().create_client(
    "sts",
    region_name="eu-west-1",
    endpoint_url=url,
    aws_access_key_id=key.access_key_id,
    aws_secret_access_key=key.secret_access_key,
)
check_endpoint(sts, regions[0], key)  # what is loaded at the first call

began = time.perf_counter()
bare.get_caller_identity()
one = time.perf_counter() - began

checks: list[EndpointCheck] = []
began = time.perf_counter()
check_endpoints(lambda endpoint: check_endpoint(sts, endpoint, key), regions, checks.append)
together = time.perf_counter() - began

assert [check.outcome for check in checks] == [Outcome.ANSWERS] * 34
tell(all_ms=together * 1000, one_ms=one * 1000)
