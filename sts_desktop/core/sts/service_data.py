"""What botocore reads to make a client, without the two things in it that cost more than all the rest.

botocore 1.44 looks at each of its 450 services for which versions there are (2,700 calls of `stat`, twice a client),
and reads a table of the hosts of all of them (1.3 MB of JSON; while that is parsed, which takes 20 to 60 ms, no other
thread runs, the one that paints least of all). Neither is needed for a client of STS that is given its URL: of that
table botocore then takes a partition's defaults alone, which are derived here from the small table of partitions.
"""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.loaders import Loader


def quick_loader() -> "Loader":
    """Return a loader of botocore's own data, and of nothing that the person or the environment adds to it."""
    from botocore.loaders import Loader

    class QuickLoader(Loader):  # type: ignore[misc]  # botocore has no types
        """Knows the services by the names of their directories, and hosts by rule."""

        def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002  (botocore's own signature)
            """Return the names of all services, whether or not they have that type of data."""
            with os.scandir(self.BUILTIN_DATA_PATH) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir())

        def load_data_with_path(self, name: str) -> tuple[Any, str]:
            """Return a file of data by its name without ending, and where it was found."""
            if name != "endpoints":
                return super().load_data_with_path(name)  # type: ignore[no-any-return]
            partitions, path = super().load_data_with_path("partitions")
            return default_hosts(partitions), path

    return QuickLoader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


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
