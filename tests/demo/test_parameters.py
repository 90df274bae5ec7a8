import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.demo.parameters import SessionTokenParameters, read_parameters
from sts_desktop.demo.refusals import RefusalError


def test_nothing_asked_for() -> None:
    assert read_parameters({"Action": "GetSessionToken"}) == SessionTokenParameters()


def test_everything_asked_for() -> None:
    form = {
        "DurationSeconds": "3600",
        "SerialNumber": "GAHT12345678",
        "TokenCode": "012345",
        "MinimumSessionTokenSize": "4096",
    }
    assert read_parameters(form) == SessionTokenParameters(3600, "GAHT12345678", "012345", 4096)


def test_a_code_is_not_in_the_repr() -> None:
    assert "012345" not in repr(read_parameters({"SerialNumber": "GAHT12345678", "TokenCode": "012345"}))


@given(st.integers())
def test_durations_within_the_limits_pass_and_no_others(seconds: int) -> None:
    form = {"DurationSeconds": str(seconds)}
    if 900 <= seconds <= 129_600:
        assert read_parameters(form).duration_seconds == seconds
    else:
        with pytest.raises(RefusalError, match="durationSeconds"):
            read_parameters(form)


@pytest.mark.parametrize("seconds", [900, 129_600])
def test_the_limits_of_the_duration_are_allowed(seconds: int) -> None:
    assert read_parameters({"DurationSeconds": str(seconds)}).duration_seconds == seconds


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "12 456", "١٢٣٤٥٦", "", "12345\n"])
def test_codes_that_are_not_six_ascii_digits(code: str) -> None:
    with pytest.raises(RefusalError, match="tokenCode"):
        read_parameters({"SerialNumber": "GAHT12345678", "TokenCode": code})


@pytest.mark.parametrize("serial", ["GAHT1234", "x" * 257, "arn:aws:iam::1:mfa/al ice", "größe-des-geräts", ""])
def test_serial_numbers_out_of_form(serial: str) -> None:
    with pytest.raises(RefusalError, match="serialNumber"):
        read_parameters({"SerialNumber": serial, "TokenCode": "123456"})


@pytest.mark.parametrize("serial", ["GAHT12345", "x" * 256, "arn:aws:iam::123456789012:mfa/path/Alice_+=,.@-1"])
def test_serial_numbers_in_form(serial: str) -> None:
    assert read_parameters({"SerialNumber": serial}).serial_number == serial


def test_the_message_is_that_of_aws() -> None:
    with pytest.raises(RefusalError) as refusal:
        read_parameters({"DurationSeconds": "129601"})
    assert refusal.value.message == (
        "1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: "
        "Member must have value less than or equal to 129600"
    )
    assert (refusal.value.code, refusal.value.status) == ("ValidationError", 400)


def test_all_violations_are_named_at_once() -> None:
    with pytest.raises(RefusalError) as refusal:
        read_parameters({"DurationSeconds": "1", "TokenCode": "abcdefg", "MinimumSessionTokenSize": "4097"})
    assert refusal.value.message.startswith("4 validation errors detected: ")


@pytest.mark.parametrize("text", ["", "soon", "9e2", "1_000", " 900", "٩٠٠", "9" * 30])
def test_a_duration_that_is_no_number(text: str) -> None:
    with pytest.raises(RefusalError, match="durationSeconds"):
        read_parameters({"DurationSeconds": text})
