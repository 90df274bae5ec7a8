"""Short programs that use a profile's session once it stands in the AWS files. They name its section, no secret.

Each asks AWS who it is, which every session may, and lists buckets, which takes `s3:ListAllMyBuckets`. They name the
section outright, so that keys in the environment have no say (AWS SDKs and Tools Reference Guide, "Shared config and
credentials files"), and the region too: a section need not have one.
"""

import json
import re
from collections.abc import Callable, Mapping

from sts_desktop.core.i18n import _
from sts_desktop.core.profile import Profile
from sts_desktop.core.settings import Settings


def cli_example(section: str, region: str) -> str:
    """Return lines for the AWS CLI, in bash, zsh, PowerShell and cmd.exe alike.

    Args:
        section: which section of the credentials file, or profile of the config file, gives the session.
        region: which region is asked.
    """
    options = f"{_option('--profile', section)} {_option('--region', region)}"
    return f"aws sts get-caller-identity {options}\naws s3 ls {options}\n"


def python_example(section: str, region: str) -> str:
    """Return a program for Python with boto3. Takes what `cli_example` takes."""
    return f"""\
# example.py, after: pip install boto3
import boto3

session = boto3.Session(profile_name={json.dumps(section)}, region_name={json.dumps(region)})
print(session.client("sts").get_caller_identity()["Arn"])
for bucket in session.client("s3").list_buckets()["Buckets"]:
    print(bucket["Name"])
"""


def javascript_example(section: str, region: str) -> str:
    """Return a program for Node.js with the AWS SDK for JavaScript, version 3. Takes what `cli_example` takes.

    By `fromIni`: the shorter `profile` of a client's options is ignored by SDKs before 3.714, which then use whatever
    other credentials they find.
    """
    return f"""\
// example.mjs, after: npm install @aws-sdk/client-s3 @aws-sdk/client-sts @aws-sdk/credential-providers
import {{ ListBucketsCommand, S3Client }} from "@aws-sdk/client-s3";
import {{ GetCallerIdentityCommand, STSClient }} from "@aws-sdk/client-sts";
import {{ fromIni }} from "@aws-sdk/credential-providers";

const options = {{ credentials: fromIni({{ profile: {json.dumps(section)} }}), region: {json.dumps(region)} }};
const identity = await new STSClient(options).send(new GetCallerIdentityCommand({{}}));
console.log(identity.Arn);
const {{ Buckets = [] }} = await new S3Client(options).send(new ListBucketsCommand({{}}));
for (const bucket of Buckets) console.log(bucket.Name);
"""


LANGUAGES: Mapping[str, Callable[[str, str], str]] = {
    "cli": cli_example,
    "python": python_example,
    "javascript": javascript_example,
}
"""What makes each example, from a section and a region; by the name that a command line takes."""


def language_label(name: str) -> str:
    """Return what one of LANGUAGES is called in a menu, in the current language."""
    labels = {"cli": _("AWS CLI"), "python": _("Python"), "javascript": _("JavaScript")}
    return labels[name]


def example_of(profile: Profile, settings: Settings, language: str) -> str:
    """Return the example for a profile of `settings` in one of LANGUAGES.

    It asks the region the person works in. Where they named none, or one of another partition, it asks the one that
    requests to the profile's endpoint are signed for: the session works there.

    Raises:
        UnknownEndpointError: the table has no such endpoint.
        InvalidInputError: the URL of the endpoint or its signing region cannot be used.
    """
    from sts_desktop.core.sts.endpoints import partition_of  # not needed to paint the window

    endpoint, region = profile.endpoint.resolve(), profile.working_region
    if partition_of(region) != endpoint.partition:
        region = endpoint.signing_region
    return LANGUAGES[language](settings.section_for(profile), region)


_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")
"""What no shell reads anything into. The other characters of sections are `@` and `%`, which mean something to
PowerShell and to cmd.exe."""


def _option(name: str, value: str) -> str:
    """Return an option with its value. A value that begins like an option has to be one word with its name."""
    if value.startswith("-"):
        return f'"{name}={value}"'
    return f"{name} {value}" if _PLAIN.fullmatch(value) else f'{name} "{value}"'
