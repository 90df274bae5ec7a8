import pytest

from sts_desktop.core.sts.mfa_devices import MfaDevice, MfaKind, kind_word


@pytest.mark.parametrize(
    ("serial", "kind", "name"),
    [
        ("arn:aws:iam::123456789012:mfa/alice-phone", MfaKind.VIRTUAL, "alice-phone"),
        ("arn:aws-cn:iam::123456789012:mfa/team/alice", MfaKind.VIRTUAL, "alice"),
        ("arn:aws:iam::123456789012:mfa/u2f/x", MfaKind.VIRTUAL, "x"),
        ("arn:aws:iam::123456789012:mfa/root-account-mfa-device", MfaKind.VIRTUAL, "root-account-mfa-device"),
        ("GAHT12345678", MfaKind.HARDWARE, "GAHT12345678"),
        ("arn:aws:iam::123456789012:u2f/user/alice/key-ABC", MfaKind.FIDO, "key-ABC"),
        ("arn:aws:iam::123456789012:u2f/root-account/key-ABC", MfaKind.FIDO, "key-ABC"),
        ("arn:aws:iam::123456789012:u2f/user/alice/my-key-EXAMPLE234567EXAMPLE", MfaKind.FIDO, "my-key"),
        ("arn:aws:iam::123456789012:u2f/user/alice/EXAMPLE234567EXAMPLE", MfaKind.FIDO, "EXAMPLE234567EXAMPLE"),
    ],
)
def test_the_serial_number_says_what_a_device_is(serial: str, kind: MfaKind, name: str) -> None:
    device = MfaDevice(serial)
    assert (device.kind, device.name) == (kind, name)
    assert device.gives_codes is (kind is not MfaKind.FIDO)


def test_each_kind_has_a_word_of_its_own() -> None:
    assert len({kind_word(kind) for kind in MfaKind}) == len(MfaKind)
