"""The table against botocore's own data and rules, region by region."""

import unicodedata
from typing import Any

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import Loader
from botocore.regions import EndpointResolver

from sts_desktop.core.sts.endpoint_table import HOST_SUFFIXES, ROWS
from sts_desktop.core.sts.endpoints import GLOBAL_ID, Endpoint, endpoint, endpoints


@pytest.fixture(scope="module")
def loader() -> Loader:
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


@pytest.fixture(scope="module")
def partitions(loader: Loader) -> dict[str, Any]:
    return {partition["id"]: partition for partition in loader.load_data("partitions")["partitions"]}


@pytest.fixture(scope="module")
def resolver(loader: Loader) -> EndpointResolver:
    return EndpointResolver(loader.load_data("endpoints"))


@pytest.fixture(scope="module")
def rules(loader: Loader) -> EndpointProvider:
    return EndpointProvider(loader.load_service_model("sts", "endpoint-rule-set-1"), loader.load_data("partitions"))


@pytest.mark.parametrize("partition", HOST_SUFFIXES)
def test_the_table_has_the_regions_that_botocore_lists_for_sts(partition: str, resolver: EndpointResolver) -> None:
    ours = [region for of, region, *_names in ROWS if of == partition]
    assert sorted(ours) == sorted(resolver.get_available_endpoints("sts", partition))


def test_the_table_has_the_partitions_in_which_botocore_lists_sts(resolver: EndpointResolver) -> None:
    theirs = {name for name in resolver.get_available_partitions() if resolver.get_available_endpoints("sts", name)}
    assert set(HOST_SUFFIXES) == theirs


@pytest.mark.parametrize("each", endpoints(), ids=lambda each: each.id)
def test_hosts_are_those_of_botocores_rules(each: Endpoint, rules: EndpointProvider) -> None:
    region = "aws-global" if each.id == GLOBAL_ID else each.id
    resolved = rules.resolve_endpoint(Region=region, UseFIPS=False, UseDualStack=False, UseGlobalEndpoint=False)
    assert each.url == resolved.url
    schemes = resolved.properties.get("authSchemes", [{}])
    assert each.signing_region == schemes[0].get("signingRegion", each.id)


@pytest.mark.parametrize("each", [each for each in endpoints() if each.id != GLOBAL_ID], ids=lambda each: each.id)
def test_english_places_are_those_of_botocore(each: Endpoint, partitions: dict[str, Any]) -> None:
    description = partitions[each.partition]["regions"][each.id]["description"]
    plain = unicodedata.normalize("NFKD", each.place_en).encode("ascii", "ignore").decode()
    assert plain.lower() in description.lower()


def test_places_do_not_repeat() -> None:
    for places in ([each.place_en for each in endpoints()], [each.place_ja for each in endpoints()]):
        assert len(set(places)) == len(places)


ON_BY_DEFAULT = [
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
]
"""AWS Account Management Reference Guide, "Regions enabled by default"."""


def test_default_and_opt_in_regions() -> None:
    ours = [each.id for each in endpoints("aws") if each.enabled_by_default and each.id != GLOBAL_ID]
    assert sorted(ours) == sorted(ON_BY_DEFAULT)


def test_what_an_account_can_switch_off() -> None:
    """IAM User Guide: each region that is on by default, but N. Virginia; not the global endpoint."""
    ours = {each.id for each in endpoints() if each.can_be_deactivated}
    assert ours == set(ON_BY_DEFAULT) - {"us-east-1"}
    assert not endpoint(GLOBAL_ID).can_be_deactivated
