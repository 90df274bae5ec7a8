"""What botocore reads to make a client, without what costs more than all the rest.

botocore 1.44 looks at each of its 450 services for which versions there are (2,700 calls of `stat`, twice a client),
and reads a table of the hosts of all of them (1.3 MB of JSON; while that is parsed, which takes 20 to 60 ms, no other
thread runs, the one that paints least of all). Neither is needed for a client of STS that is given its URL: of that
table botocore then takes a partition's defaults alone, which are derived here from the small table of partitions.

Of a service it reads the description of all operations, with their documentation: 1.3 MB of JSON for S3, 0.7 for IAM.
What the program calls of them is cut out when the program is built (`packaging/aws_data.py`), 9 to 16 KB, and used as
long as botocore is the very one that it was cut out of. Beside any other one the whole description is read, as ever.
"""

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sts_desktop.core.paths import resource_directory
from sts_desktop.core.sts.fingerprint import fingerprint

if TYPE_CHECKING:
    from botocore.loaders import Loader


def quick_loader(directory: Path | None = None) -> "Loader":
    """Return a loader of botocore's own data, and of nothing that the person or the environment adds to it.

    Args:
        directory: where that lies which was cut out of it; None is where the program has it.
    """
    from botocore.loaders import Loader

    cut_directory = resource_directory() / "aws" if directory is None else directory

    @cache
    def cut(service: str) -> Mapping[str, Any]:
        return cut_out(cut_directory, service)

    class QuickLoader(Loader):  # type: ignore[misc]  # botocore has no types
        """Knows the services by the names of their directories, hosts by rule, and operations that are called."""

        def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002  (botocore's own signature)
            """Return the names of all services, whether or not they have that type of data."""
            with os.scandir(self.BUILTIN_DATA_PATH) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir())

        def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
            """Return a description of a service: such as its operations (`service-2`) or the rules for its hosts."""
            if api_version is None and type_name in cut(service_name):
                return cut(service_name)[type_name]
            return super().load_service_model(service_name, type_name, api_version)

        def load_data_with_path(self, name: str) -> tuple[Any, str]:
            """Return a file of data by its name without ending, and where it was found."""
            if name != "endpoints":
                return super().load_data_with_path(name)  # type: ignore[no-any-return]
            partitions, path = super().load_data_with_path("partitions")
            return default_hosts(partitions), path

    return QuickLoader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


def cut_out(directory: Path, service: str) -> Mapping[str, Any]:
    """Return what was cut out of botocore's descriptions of `service`, by type; nothing where it does not fit.

    Args:
        directory: where the build put it, a file for each service.
        service: botocore's name of it.
    """
    try:
        kept: dict[str, Any] = json.loads((directory / f"{service}.json").read_bytes())
    except (OSError, ValueError):  # such as a service of which nothing was cut out
        return {}
    descriptions: Mapping[str, Any] = kept["descriptions"]
    return descriptions if kept["fingerprint"] == fingerprint(service) else {}


def default_hosts(partitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return what botocore's `endpoints.json` says of services with no hosts of their own, for each partition.

    Args:
        partitions: botocore's `partitions.json`.
    """
    return {
        "partitions": [
            {
                "partition": partition["id"],
                "dnsSuffix": partition["outputs"]["dnsSuffix"],
                "regionRegex": partition["regionRegex"],
                "regions": partition["regions"],
                "services": {},
                "defaults": {
                    "hostname": "{service}.{region}.{dnsSuffix}",
                    "protocols": ["https"],
                    "signatureVersions": ["v4"],
                },
            }
            for partition in partitions["partitions"]
        ]
    }
