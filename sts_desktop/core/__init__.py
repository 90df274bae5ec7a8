"""What the program does, without a window.

Plain values in; plain values or a `StsDesktopError` out. Safe on any thread. Nothing below this package imports Qt;
`botocore` clients are made in `core.sts.client` only, `keyring` is imported in `core.vault` only, both inside
functions, so that importing a module of `core` stays cheap.
"""
