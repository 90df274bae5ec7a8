"""STS Desktop: short-lived AWS credentials in one click, kept in the OS keyring."""

__version__ = "0.1.0"
