"""The AWS config and credentials files: read as botocore reads them, edited by line, replaced whole or not at all.

The files belong to the person. Only the keys that were asked for change; every other byte stays. When an edit cannot
be made safely, it is refused with the path and the line, and nothing changes. `files.AwsFiles` is the way in.
"""
