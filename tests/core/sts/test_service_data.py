"""botocore makes the same clients from the data that is quick to read as from all of it."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.session import Session

from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import endpoints
from sts_desktop.core.sts.iam import HOSTS, iam_endpoint
from sts_desktop.core.sts.service_data import default_hosts, quick_loader


class StoppedError(Exception):
    """Nothing is to be sent."""


def whole_loader() -> Any:
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


@pytest.fixture(scope="module")
def make_client() -> Callable[..., Any]:
    """Makes a client from the quick data, or from the whole."""
    sessions = {}
    for name, loader in (("quick", quick_loader()), ("whole", whole_loader())):
        sessions[name] = Session()
        sessions[name].register_component("data_loader", loader)

    def make_client(data: str, service: str, region: str, url: str) -> Any:
        return sessions[data].create_client(
            service, region_name=region, endpoint_url=url, aws_access_key_id="AKIAEXAMPLE", aws_secret_access_key="x"
        )

    return make_client


def signed_request(client: Any, operation: str) -> tuple[str, str]:
    """Return where a request would go, and for which region and service it is signed."""
    requests: list[Any] = []

    def stop(request: Any, **_context: object) -> Any:
        requests.append(request)
        raise StoppedError

    client.meta.events.register("before-send", stop)
    with pytest.raises(StoppedError):
        getattr(client, operation)()
    scope = requests[0].headers["Authorization"].decode().split("Credential=")[1].split(",")[0]
    return requests[0].url, "/".join(scope.split("/")[2:])


@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda known: f"{known.partition}-{known.id}")
def test_clients_of_sts_are_the_same(make_client: Callable[..., Any], endpoint: Endpoint) -> None:
    quick, whole = (
        signed_request(make_client(data, "sts", endpoint.signing_region, endpoint.url), "get_caller_identity")
        for data in ("quick", "whole")
    )
    assert quick == whole
    assert quick == (f"{endpoint.url}/", f"{endpoint.signing_region}/sts/aws4_request")


@pytest.mark.parametrize("partition", HOSTS)
def test_clients_of_iam_are_the_same(make_client: Callable[..., Any], partition: str) -> None:
    asked = iam_endpoint(endpoints(partition)[-1])
    quick, whole = (
        signed_request(make_client(data, "iam", asked.signing_region, asked.url), "list_mfa_devices")
        for data in ("quick", "whole")
    )
    assert quick == whole
    assert quick == (f"{asked.url}/", f"{asked.signing_region}/iam/aws4_request")


@pytest.mark.parametrize("service", ["sts", "iam"])
def test_service_descriptions_are_the_same(service: str) -> None:
    for kind in ("service-2", "endpoint-rule-set-1"):
        assert quick_loader().load_service_model(service, kind) == whole_loader().load_service_model(service, kind)


def test_hosts_by_rule_are_those_of_the_table() -> None:
    """Whatever a partition says of itself stands in the derived table as in botocore's own."""
    loader = whole_loader()
    ours = default_hosts(loader.load_data("partitions"))["partitions"]
    theirs = {partition["partition"]: partition for partition in loader.load_data("endpoints")["partitions"]}
    assert {partition["partition"] for partition in ours} == theirs.keys()
    for partition in ours:
        known = theirs[partition["partition"]]
        for name in ("dnsSuffix", "regionRegex"):
            assert partition[name] == known[name]
        for name, value in partition["defaults"].items():
            assert known["defaults"][name] == value


def test_large_table_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = Loader.load_data_with_path

    def noted(self: Any, name: str) -> Any:
        read.append(name)
        return original(self, name)

    monkeypatch.setattr(Loader, "load_data_with_path", noted)
    session = Session()
    session.register_component("data_loader", quick_loader())
    session.create_client("sts", region_name="us-east-1", endpoint_url="https://sts.amazonaws.com")
    assert "partitions" in read
    assert "endpoints" not in read
