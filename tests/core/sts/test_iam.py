"""Where IAM is asked: the host that botocore's own rule set names, or the stand-in itself."""

import botocore.session
import pytest

from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import custom_endpoint, endpoint, endpoints
from sts_desktop.core.sts.iam import HOSTS, iam_endpoint


@pytest.fixture(scope="module")
def aws_session() -> botocore.session.Session:
    return botocore.session.Session()


@pytest.mark.parametrize("known", endpoints(), ids=lambda known: f"{known.partition}-{known.id}")
def test_every_host_is_the_one_that_botocore_knows(aws_session: botocore.session.Session, known: Endpoint) -> None:
    asked = iam_endpoint(known)
    client = aws_session.create_client(
        "iam", region_name=known.signing_region, aws_access_key_id="x", aws_secret_access_key="x"
    )
    assert (asked.url, asked.signing_region) == (client.meta.endpoint_url, client._request_signer.region_name)
    assert asked.partition == known.partition
    client.close()


def test_every_partition_has_one() -> None:
    assert HOSTS.keys() == {known.partition for known in endpoints()}


@pytest.mark.parametrize(
    "url", ["http://localhost:4566", "https://localhost.localstack.cloud:4566", "https://amazonaws.com.example"]
)
def test_the_key_of_a_stand_in_goes_nowhere_else(url: str) -> None:
    stand_in = custom_endpoint(url, "eu-west-1")
    assert iam_endpoint(stand_in) == stand_in


@pytest.mark.parametrize(
    ("url", "region", "asked"),
    [
        ("https://vpce-0123-abc.sts.us-east-1.vpce.amazonaws.com", "us-east-1", "https://iam.amazonaws.com"),
        ("https://sts.eu-west-1.amazonaws.com:443", "eu-west-1", "https://iam.amazonaws.com"),
        (
            "https://vpce-0123-abc.sts.cn-north-1.vpce.amazonaws.com.cn",
            "cn-north-1",
            "https://iam.cn-north-1.amazonaws.com.cn",
        ),
    ],
)
def test_a_private_way_to_sts_is_none_to_iam(url: str, region: str, asked: str) -> None:
    assert iam_endpoint(custom_endpoint(url, region)).url == asked


def test_a_refusal_names_a_region_that_every_account_has() -> None:
    assert iam_endpoint(endpoint("ap-east-1")).enabled_by_default
