"""Where STS can be called: one `Endpoint` per host, and the search among them."""

import re
from dataclasses import replace
from functools import cache

from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.i18n import _
from sts_desktop.core.sts.endpoint import CUSTOM_ID, FIPS, GLOBAL_ID, Endpoint
from sts_desktop.core.sts.endpoint_table import FIPS_REGIONS, HOST_SUFFIXES, ROWS
from sts_desktop.core.sts.errors import UnknownEndpointError

LONGEST_HOST = 255


def endpoints(partition: str | None = None) -> tuple[Endpoint, ...]:
    """Return the endpoints of `partition`, or of all partitions one after the other.

    The global endpoint stands first, then the regions by place, in the order of the current language.
    """
    partitions = list(HOST_SUFFIXES)
    chosen = [known for known in _by_id().values() if partition in (None, known.partition)]
    return tuple(
        sorted(chosen, key=lambda known: (partitions.index(known.partition), known.id != GLOBAL_ID, known.place))
    )


def endpoint(id: str) -> Endpoint:  # noqa: A002  (the word of `Endpoint.id`)
    """Return the endpoint named `id`: a region or `global`.

    Raises:
        UnknownEndpointError: there is none; its hint names a similar one.
    """
    known = _by_id().get(id)
    if known is None:
        from difflib import get_close_matches

        similar = [known.id for known in endpoints() if id.strip() and known.is_called(id)]
        similar = similar or get_close_matches(id.strip().lower(), _by_id(), n=1)
        raise UnknownEndpointError(id, similar[0] if similar else None)
    return known


def always_on(partition: str) -> Endpoint | None:
    """Return the regional endpoint of a partition that serves every account, whatever is switched off."""
    certain = (known for known in endpoints(partition) if known.is_regional and known.enabled_by_default)
    return next((known for known in certain if not known.can_be_deactivated), None)


def custom_endpoint(url: str, signing_region: str) -> Endpoint:
    """Return an endpoint of one's own: a VPC endpoint, or a stand-in for STS on this computer.

    Args:
        url: `https://host[:port]`, or `http` where the host is this computer itself.
        signing_region: the region that requests are signed for; it also says the partition.

    Raises:
        InvalidInputError: the URL is not of that form, or the region is none of AWS.
    """
    origin = _origin(url.strip())
    if origin is None:
        raise InvalidInputError(
            _("Not an endpoint address"),
            _("The address of an endpoint is https:// and a host name, without a user, a path or a query."),
            _("Plain http:// is accepted for this computer only, such as http://localhost:4566."),
            field=Field.ENDPOINT,
        )
    region = _by_id().get(signing_region)
    if region is None or region.id == GLOBAL_ID:
        raise InvalidInputError(
            _("Unknown signing region"),
            _("Requests to an endpoint of your own are signed for one of the regions of AWS."),
            _("Choose the region that the address belongs to."),
            field=Field.ENDPOINT,
        )
    host = origin.partition("://")[2]
    return Endpoint(CUSTOM_ID, region.partition, origin, region.id, host, host, True, False)


def partition_of(value: str) -> str | None:
    """Return the partition of a region, an endpoint's id, or an ARN (an MFA serial, an identity); None if unknown."""
    if value.startswith("arn:"):
        partition = value.split(":")[1]
        return partition if partition in HOST_SUFFIXES else None
    known = _by_id().get(value)
    return known.partition if known else None


@cache
def _by_id() -> dict[str, Endpoint]:
    known = {GLOBAL_ID: _global_endpoint()}
    for partition, region, place_en, place_ja, by_default, switchable in ROWS:
        url = f"https://sts.{region}.{HOST_SUFFIXES[partition]}"
        known[region] = Endpoint(region, partition, url, region, place_en, place_ja, by_default, switchable)
    for region in FIPS_REGIONS:
        known[region + FIPS] = _fips_endpoint(known[region])
    return known


def _fips_endpoint(usual: Endpoint) -> Endpoint:
    """Return the FIPS host beside the usual host of a region; what an account can do with STS there is the same."""
    return replace(
        usual,
        id=usual.id + FIPS,
        url=usual.url.replace("://sts.", "://sts-fips."),
        place_en=f"{usual.place_en} (FIPS)",
        place_ja=f"{usual.place_ja} (FIPS)",
    )


def _global_endpoint() -> Endpoint:
    """Return the one host that stands for the partition `aws`; its requests are signed for `us-east-1`."""
    url = f"https://sts.{HOST_SUFFIXES['aws']}"
    return Endpoint(GLOBAL_ID, "aws", url, "us-east-1", "Global", "グローバル", True, False)


def _origin(url: str) -> str | None:
    """Return scheme, host and port of an acceptable `url`, or None."""
    from urllib.parse import urlsplit

    if not url.isascii() or not url.isprintable() or any(char in url for char in ' \\@?#%"<>'):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    if not _is_host(host) or port == 0 or parts.netloc.endswith(":"):
        return None
    if parts.path not in ("", "/") or not (secure or parts.scheme == "http"):
        return None
    if not secure and not _is_this_computer(host):
        return None
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_host(host: str) -> bool:
    """Return whether botocore sends requests to such a host (`botocore.utils.is_valid_endpoint_url`)."""
    from ipaddress import ip_address

    if ":" not in host:
        labels = host.split(".")
        return len(host) <= LONGEST_HOST and all(re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", label) for label in labels)
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _is_this_computer(host: str) -> bool:
    from ipaddress import ip_address

    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
