"""The table against botocore's own data and rules, region by region."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import Loader
from botocore.regions import EndpointResolver

from sts_desktop.core.sts.endpoint import GLOBAL_ID, Endpoint
from sts_desktop.core.sts.endpoint_table import HOST_SUFFIXES, ROWS
from sts_desktop.core.sts.endpoints import endpoint, endpoints


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
    region = "aws-global" if each.id == GLOBAL_ID else each.signing_region
    resolved = rules.resolve_endpoint(Region=region, UseFIPS=each.is_fips, UseDualStack=False, UseGlobalEndpoint=False)
    assert each.url == resolved.url
    schemes = resolved.properties.get("authSchemes", [{}])
    assert each.signing_region == schemes[0].get("signingRegion", each.signing_region)


def test_fips_hosts_are_those_that_botocore_lists(loader: Loader) -> None:
    services = [partition["services"].get("sts", {}) for partition in loader.load_data("endpoints")["partitions"]]
    variants = (
        variant["hostname"]
        for service in services
        for listed in service.get("endpoints", {}).values()
        for variant in listed.get("variants", ())
        if "fips" in variant["tags"]
    )
    usual = {each.host for each in endpoints() if not each.is_fips}  # in GovCloud these are FIPS hosts themselves
    assert {each.host for each in endpoints() if each.is_fips} == set(variants) - usual


@pytest.mark.parametrize("each", [each for each in endpoints() if each.is_regional], ids=lambda each: each.id)
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
    ours = [each.id for each in endpoints("aws") if each.enabled_by_default and each.is_regional]
    assert sorted(ours) == sorted(ON_BY_DEFAULT)


def test_what_an_account_can_switch_off() -> None:
    """IAM User Guide: each region that is on by default, but N. Virginia; not the global endpoint."""
    ours = {each.id for each in endpoints() if each.can_be_deactivated and each.is_regional}
    assert ours == set(ON_BY_DEFAULT) - {"us-east-1"}
    assert not endpoint(GLOBAL_ID).can_be_deactivated


PUBLISHED = json.loads((Path(__file__).parents[2] / "data" / "sts_endpoints.json").read_text())
"""Each region of botocore 1.44.5 with what AWS's documents say of it; where it comes from stands in the file itself."""


@pytest.mark.parametrize(
    "row", [row for row in PUBLISHED["regions"] if row["status"] == "listed"], ids=lambda row: str(row["region"])
)
def test_the_table_says_of_a_region_what_is_published(row: dict[str, Any]) -> None:
    ours = endpoint(row["region"])
    assert ours.partition == row["partition"]
    assert ours.url == row["endpoint"]
    if row["partition"] == "aws":  # of the others the file says "not known"
        assert ours.enabled_by_default != row["opt_in_region"]
        assert ours.can_be_deactivated == row["sts_can_be_deactivated_per_account"]
    fips = row["endpoint_fips_listed_in_endpoints_json"]
    if fips not in (None, row["endpoint"]):
        assert endpoint(f"{row['region']}-fips").url == fips


def test_regions_without_a_listed_endpoint_are_not_offered() -> None:
    unlisted = {row["region"] for row in PUBLISHED["regions"] if row["status"] != "listed"}
    assert unlisted == {"me-west-1", "sa-west-1"}
    assert unlisted.isdisjoint(each.id for each in endpoints())
    listed = {row["region"] for row in PUBLISHED["regions"]} - unlisted
    assert listed == {each.id for each in endpoints() if each.is_regional}


ALWAYS_ON = ("global", "us-east-1")
NOT_TO_BE_ENABLED = ("af-south-1", "ap-east-1", "eu-south-1", "me-south-1")
TO_BE_SWITCHED_OFF = (
    *("us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2"),
    *("ap-northeast-1", "ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"),
    "sa-east-1",
)


def test_the_table_of_2021_with_what_has_changed() -> None:
    """IAM User Guide of 2021, "Managing AWS STS in an AWS Region": 21 rows.

    STS of the four newest regions could not be enabled then; today it follows the region, which an account opts into.
    """
    assert len({*ALWAYS_ON, *NOT_TO_BE_ENABLED, *TO_BE_SWITCHED_OFF}) == 21
    for each in map(endpoint, ALWAYS_ON):
        assert (each.default_words(), each.switch_words()) == ("on by default", "always on")
    for each in map(endpoint, NOT_TO_BE_ENABLED):
        assert (each.default_words(), each.switch_words()) == ("opt-in region", "follows its region")
    for each in map(endpoint, TO_BE_SWITCHED_OFF):
        assert (each.default_words(), each.switch_words()) == ("on by default", "can be switched off")
