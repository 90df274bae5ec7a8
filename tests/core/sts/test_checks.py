import pytest
from hypothesis import given
from hypothesis import strategies as st

from sts_desktop.core.errors import Field, InvalidInputError
from sts_desktop.core.sts.checks import check_access_key_id, check_mfa_serial, check_secret_access_key, parse_token_code
from sts_desktop.core.sts.errors import TemporaryKeyError
from sts_desktop.core.sts.mfa_devices import FidoDeviceError

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.mark.fault(1)
@pytest.mark.parametrize(
    "text", ["123456", "123 456", " 12 3456\n", "\t123456\r\n", "１２３４５６", "１２３　４５６", "123\u00a0456"]
)
def test_token_codes_as_people_type_them(text: str) -> None:
    assert parse_token_code(text) == "123456"


@pytest.mark.fault(1)
@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "abcdef", "12-3456", "١٢٣٤٥٦", "१२३४५६", "12345６7", "²²²²²²", "𝟏𝟐𝟑𝟒𝟓𝟔"]
)
def test_other_codes_are_refused_without_quoting_them(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_token_code(text)
    assert caught.value.field is Field.TOKEN_CODE
    assert "six digits" in str(caught.value)
    assert not text or text not in str(caught.value)


@given(st.text())
def test_a_token_code_is_six_ascii_digits_or_refused(text: str) -> None:
    try:
        code = parse_token_code(text)
    except InvalidInputError:
        return
    assert len(code) == 6
    assert set(code) <= set("0123456789")


@pytest.mark.parametrize(
    "serial",
    [
        "arn:aws:iam::123456789012:mfa/alice-phone",
        "arn:aws-cn:iam::123456789012:mfa/path/alice@example.com",
        "GAHT12345678",
        "a" * 9,
        "a" * 256,
    ],
)
def test_mfa_serials(serial: str) -> None:
    assert check_mfa_serial(f" {serial}\n") == serial


@pytest.mark.fault(4)
@pytest.mark.parametrize(
    "text", ["", "12345678", "a" * 257, "arn:aws:iam::123456789012:mfa/al ice", "器" * 9, "<img src=x>"]
)
def test_other_serials_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_mfa_serial(text)
    assert caught.value.field is Field.MFA_SERIAL
    assert "9 to 256" in str(caught.value)


@pytest.mark.fault(3)
@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::123456789012:u2f/user/myuser/default-qwertzuioplkjhgfdsa",
        "arn:aws-us-gov:iam::123456789012:u2f/root-account/key-ABC",
    ],
)
def test_the_arn_of_a_passkey_is_recognised(arn: str) -> None:
    with pytest.raises(FidoDeviceError) as caught:
        check_mfa_serial(f" {arn} ")
    assert caught.value.field is Field.MFA_SERIAL
    assert "authenticator app" in caught.value.hint
    assert "aws login" in caught.value.hint


def test_a_device_may_be_called_like_a_passkey() -> None:
    assert check_mfa_serial("arn:aws:iam::123456789012:mfa/u2f/spare")


@pytest.mark.parametrize("arn", ["arn:aws:iam::123456789012:user/x", "arn:aws-us-gov:iam::123456789012:user/path/x"])
def test_the_arn_of_a_user_is_recognised(arn: str) -> None:
    with pytest.raises(InvalidInputError, match=":mfa/") as caught:
        check_mfa_serial(arn)
    assert caught.value.field is Field.MFA_SERIAL
    assert "user" in caught.value.title


@pytest.mark.fault(7)
def test_blanks_around_a_key_are_dropped() -> None:
    assert check_access_key_id("\u00a0AKIAIOSFODNN7EXAMPLE \n") == "AKIAIOSFODNN7EXAMPLE"
    assert check_secret_access_key(f"\t{SECRET}\u00a0\r\n") == SECRET


def test_a_stand_in_for_sts_may_use_short_keys() -> None:
    assert check_access_key_id("test") == "test"
    assert check_secret_access_key("test") == "test"


@pytest.mark.fault(7)
@pytest.mark.parametrize(
    "text", ["", " ", "AKIA X", "AKIA\nX", "AKIAé", '"AKIAIOSFODNN7EXAMPLE"', "AKIA\ufeffX", "A" * 129, SECRET]
)
def test_other_access_key_ids_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_access_key_id(text)
    assert caught.value.field is Field.ACCESS_KEY
    assert not text.strip() or text not in str(caught.value)


@pytest.mark.fault(7)
@pytest.mark.parametrize(
    "text", ["", " ", f'"{SECRET}"', f"{SECRET[:20]} {SECRET[20:]}", f"{SECRET}é", "a\nb", "a\u200bb"]
)
def test_other_secrets_are_refused_without_quoting_them(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_secret_access_key(text)
    assert caught.value.field is Field.ACCESS_KEY
    assert SECRET[:20] not in str(caught.value)


@pytest.mark.fault(8)
def test_a_temporary_key_is_recognised() -> None:
    with pytest.raises(TemporaryKeyError, match="AKIA") as caught:
        check_access_key_id(" ASIAIOSFODNN7EXAMPLE")
    assert caught.value.field is Field.ACCESS_KEY
