"""How our items are named in an OS keyring."""

ACCOUNT = "sts-desktop"
"""The user name of all our items."""


def service_name(name: str) -> str:
    """Return the service name of the item that holds `name`."""
    return f"sts-desktop/{name}"
