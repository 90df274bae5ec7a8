from pathlib import Path

import pytest

from sts_desktop.core.aws_files.locations import AwsFileLocations


def test_without_variables_both_files_are_below_the_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    monkeypatch.setenv("USERPROFILE", "/home/alice")
    expected = AwsFileLocations(Path("/home/alice/.aws/credentials"), Path("/home/alice/.aws/config"))
    assert AwsFileLocations.from_environment({}) == expected


def test_variables_name_each_file(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"AWS_SHARED_CREDENTIALS_FILE": "/a/keys", "AWS_CONFIG_FILE": "/b/conf"}
    assert AwsFileLocations.from_environment(environment) == AwsFileLocations(Path("/a/keys"), Path("/b/conf"))


def test_home_and_variables_are_expanded_as_botocore_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    monkeypatch.setenv("USERPROFILE", "/home/alice")
    monkeypatch.setenv("PLACE", "/srv")
    environment = {"AWS_SHARED_CREDENTIALS_FILE": "~/keys", "AWS_CONFIG_FILE": "${PLACE}/conf"}
    expected = AwsFileLocations(Path("/home/alice/keys"), Path("/srv/conf"))
    assert AwsFileLocations.from_environment(environment) == expected


def test_an_empty_variable_counts_as_unset() -> None:
    environment = {"AWS_SHARED_CREDENTIALS_FILE": "", "AWS_CONFIG_FILE": ""}
    assert AwsFileLocations.from_environment(environment) == AwsFileLocations.from_environment({})
