"""botocore makes the same clients from the data that is quick to read as from all of it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_data
import botocore
import pytest
from botocore.loaders import Loader
from botocore.session import Session

from sts_desktop.core.sts.endpoint import Endpoint
from sts_desktop.core.sts.endpoints import endpoints
from sts_desktop.core.sts.iam import HOSTS, iam_endpoint
from sts_desktop.core.sts.service_data import cut_out, default_hosts, quick_loader


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


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """A directory with what was cut out of the botocore that runs."""
    aws_data.write_aws_data(tmp_path / "cut")
    return tmp_path / "cut"


def is_whole(directory: Path, service: str) -> bool:
    """Return whether a loader returns all of botocore's descriptions of a service; fail for half of them."""
    loader, whole = quick_loader(directory), whole_loader()
    same = {
        loader.load_service_model(service, kind) == whole.load_service_model(service, kind)
        for kind in ("service-2", "endpoint-rule-set-1")
    }
    assert len(same) == 1
    return True in same


@pytest.mark.parametrize("service", aws_data.OPERATIONS)
def test_what_was_cut_out_is_used(cut: Path, service: str) -> None:
    assert not is_whole(cut, service)


@pytest.mark.parametrize("service", aws_data.OPERATIONS)
def test_a_program_built_without_it_reads_whole_descriptions(tmp_path: Path, service: str) -> None:
    assert cut_out(tmp_path, service) == {}
    assert is_whole(tmp_path, service)


@pytest.mark.parametrize("service", aws_data.OPERATIONS)
def test_another_version_of_botocore_is_read_whole(cut: Path, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore, "__version__", "1.99.0")
    assert is_whole(cut, service)


def rewrite(directory: Path) -> None:
    """Change a file in a place that matters to nobody, and not its length."""
    (rules,) = directory.glob("*/endpoint-rule-set-1.json.gz")
    content = bytearray(rules.read_bytes())
    content[4] ^= 1  # a bit of the time at which it was packed
    rules.write_bytes(content)


def extend(directory: Path) -> None:
    (version,) = directory.iterdir()
    (version / "service-2.other-extras.json").write_text("{}")


def add_version(directory: Path) -> None:
    (version,) = directory.iterdir()
    shutil.copytree(version, directory / "2099-01-01")


def rename_version(directory: Path) -> None:
    (version,) = directory.iterdir()
    version.rename(directory / "2099-01-01")


@pytest.mark.parametrize("service", aws_data.OPERATIONS)
@pytest.mark.parametrize("change", [rewrite, extend, add_version, rename_version])
def test_other_files_of_botocore_are_read_whole(
    cut: Path, tmp_path: Path, service: str, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(Path(Loader.BUILTIN_DATA_PATH, service), data / service)
    monkeypatch.setattr(Loader, "BUILTIN_DATA_PATH", str(data))
    assert not is_whole(cut, service)
    change(data / service)
    assert is_whole(cut, service)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"fingerprint": "'])
def test_a_broken_file_is_passed_over(cut: Path, content: bytes) -> None:
    (cut / "sts.json").write_bytes(content)
    assert is_whole(cut, "sts")
    assert not is_whole(cut, "s3")


def test_a_service_is_not_described_by_what_was_cut_out_of_another(cut: Path) -> None:
    (cut / "sts.json").write_bytes((cut / "s3.json").read_bytes())
    assert is_whole(cut, "sts")


def test_a_version_of_a_service_that_is_asked_for_is_read_whole(cut: Path) -> None:
    asked = quick_loader(cut).load_service_model("sts", "service-2", api_version="2011-06-15")
    assert asked == whole_loader().load_service_model("sts", "service-2")


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
