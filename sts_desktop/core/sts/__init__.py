"""AWS Security Token Service: its endpoints, the checks before a call, the call, and its failures in plain words.

`client` is the only maker of botocore clients in the program; nothing here imports botocore before the first call.
"""
