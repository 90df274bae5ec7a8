"""Where IAM is asked for the MFA devices of a user."""

from dataclasses import replace

from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import endpoint

HOSTS = {
    "aws": ("iam.amazonaws.com", "us-east-1"),
    "aws-cn": ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    "aws-us-gov": ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
    "aws-eusc": ("iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
    "aws-iso": ("iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
    "aws-iso-b": ("iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"),
    "aws-iso-e": ("iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1"),
    "aws-iso-f": ("iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"),
}
"""The one host of IAM in each partition, and the region that requests to it are signed for (botocore's rule set)."""


def iam_endpoint(sts: Endpoint) -> Endpoint:
    """Return the endpoint of IAM that belongs to an endpoint of STS.

    A stand-in for AWS is asked itself, so that its keys go nowhere else: an address of one's own that is not AWS's, as
    VPC endpoints are (`vpce-….sts.us-east-1.vpce.amazonaws.com`).
    """
    if not sts.is_of_aws:
        return sts
    host, region = HOSTS[sts.partition]
    return replace(endpoint(region), url=f"https://{host}", signing_region=region)
