"""The shortest way to a token: boto3, a client, the call. `bare_client.py URL KEY_ID SECRET`."""

import time

began = time.perf_counter()

import sys  # noqa: E402  (after the clock)

import boto3  # noqa: E402

client = boto3.client(
    "sts",
    region_name="ap-northeast-1",
    endpoint_url=sys.argv[1],
    aws_access_key_id=sys.argv[2],
    aws_secret_access_key=sys.argv[3],
)
answer = client.get_session_token(DurationSeconds=3600)
ended = time.perf_counter()

from telling import tell  # noqa: E402

assert answer["Credentials"]["SessionToken"]
tell(ms=(ended - began) * 1000)
