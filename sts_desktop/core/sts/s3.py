"""Where S3 is called to try a session."""

from dataclasses import replace

from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoint_table import HOST_SUFFIXES
from sts_desktop.core.sts.endpoints import endpoint, partition_of


def s3_endpoint(sts: Endpoint, region: str = "") -> Endpoint:
    """Return the endpoint of S3 that belongs to an endpoint of STS.

    A stand-in for AWS is asked itself, so that its sessions go nowhere else: such programs serve all of AWS at one
    address. Otherwise it is the host of the partition that the session is of.

    Args:
        sts: where the session comes from.
        region: the working region; that of `sts` where it is empty or lies in another partition.
    """
    if not sts.is_of_aws:
        return sts
    is_usable = partition_of(region) == sts.partition and endpoint(region).is_regional
    region = region if is_usable else sts.signing_region
    return replace(endpoint(region), url=f"https://s3.{region}.{HOST_SUFFIXES[sts.partition]}", signing_region=region)
