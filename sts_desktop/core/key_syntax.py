"""What the parts of a key are written with: the patterns for what is sent, and for what is read and written in files.

AWS says it for the id alone (AWS STS API Reference, data type `Credentials`: up to 128 word characters). Its secrets
and tokens are Base64; those that people choose for a stand-in for STS have `_` and `-` too, and may be short.
"""

ACCESS_KEY_ID = "[A-Za-z0-9_]{1,128}"
SECRET_ACCESS_KEY = "[A-Za-z0-9/+=_-]{1,256}"  # noqa: S105  (a pattern)
SESSION_TOKEN = "[A-Za-z0-9/+=_-]+"  # noqa: S105  (a pattern)
