"""Each way in which AWS or the network refuses, as the window tells it in English and in Japanese."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sts_desktop.core import i18n
from sts_desktop.core.profile import AwsProfileKey, Profile
from sts_desktop.core.services import Services
from sts_desktop.core.sts import client
from sts_desktop.demo.control import Faults
from sts_desktop.demo.embedded_sts import EmbeddedSts
from sts_desktop.demo.faulty_answers import FaultyAnswer
from sts_desktop.ui.app import Desktop
from tests.ui.hand import Hand

if TYPE_CHECKING:
    from tests.scripted_server import ScriptedServer, SecureServer

CANARY = "what-an-answer-says-is-never-shown"
LANGUAGES = ("en", "ja")


@dataclass(frozen=True)
class Told:
    """What the note says in one language: its title, and words that tell this cause from others."""

    title: str
    words: str


@dataclass(frozen=True)
class Row:
    """A cause, and what is told of it.

    Attributes:
        en: in English.
        ja: in Japanese.
        faults: what is wrong with the embedded STS.
        user: whose key is used there.
        code: the MFA code that is typed; None for the right one where the user has a device.
        answer: code, words and HTTP status of a refusal that the embedded STS does not give by itself.
    """

    en: Told
    ja: Told
    faults: Faults | None = None
    user: str = "bob"
    code: str | None = None
    answer: tuple[str, str, int] | None = None

    def told(self, language: str) -> Told:
        """What is told in a language."""
        return self.ja if language == "ja" else self.en


NOT_ACCEPTED = Told("Access key not accepted", "endpoint belongs to its partition")
NOT_ACCEPTED_JA = Told("アクセスキーが受け付けられませんでした", "同じパーティション")
SLOW, FAST = (
    ("It is about 20 minutes slow", "約 20 分遅れている"),
    ("It is about 20 minutes fast", "約 20 分進んでいる"),
)
CLOCK, CLOCK_JA = "The clock of this computer is wrong", "このコンピューターの時計がずれています"
MALFORMED = Told("Access key cannot be read", "characters that do not belong")
MALFORMED_JA = Told("アクセスキーを読み取れません", "余分な文字")
BUSY, BUSY_JA = Told("AWS is not available", "Wait a moment"), Told("AWS を利用できません", "しばらく待って")
NOT_AWS = Told("The answer was not from AWS", "sign in to the network")
NOT_AWS_JA = Told("AWS からの応答ではありません", "サインイン")
BROKEN = Told("Unexpected answer", "nothing of it was kept")
BROKEN_JA = Told("予期しない応答です", "応答の内容は保存されていません")
DEVICE = Told("MFA device not accepted", "it contains “:mfa/”")
DEVICE_JA = Told("MFA デバイスが受け付けられませんでした", "「:mfa/」を含むもの")
CODE = Told("MFA code not accepted", "Wait for the next code")
CODE_JA = Told("MFA コードが受け付けられませんでした", "次のコード")

FROM_AWS = {
    "InvalidClientTokenId": Row(NOT_ACCEPTED, NOT_ACCEPTED_JA, Faults(), "carol"),
    "SignatureDoesNotMatch, slow clock": Row(
        Told(CLOCK, SLOW[0]), Told(CLOCK_JA, SLOW[1]), Faults(clock_offset_seconds=1200)
    ),
    "SignatureDoesNotMatch, fast clock": Row(
        Told(CLOCK, FAST[0]), Told(CLOCK_JA, FAST[1]), Faults(clock_offset_seconds=-1200)
    ),
    "RequestExpired": Row(
        Told(CLOCK, "Set date, time and time zone"),
        Told(CLOCK_JA, "日付、時刻、タイムゾーン"),
        answer=("RequestExpired", "", 400),
    ),
    "ExpiredToken": Row(
        Told("Session expired", "Get a new token"),
        Told("セッションの期限切れ", "新しいトークン"),
        answer=("ExpiredToken", "The security token included in the request is expired", 403),
    ),
    "IncompleteSignature": Row(MALFORMED, MALFORMED_JA, answer=("IncompleteSignature", "not a valid key=value", 400)),
    "MissingAuthenticationToken": Row(MALFORMED, MALFORMED_JA, answer=("MissingAuthenticationToken", "missing", 403)),
    "AccessDenied, code": Row(CODE, CODE_JA, Faults(), "alice", "000000"),
    "AccessDenied, serial": Row(
        DEVICE,
        DEVICE_JA,
        answer=("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.", 403),
    ),
    "AccessDenied, session credentials": Row(
        Told("This is a temporary key", "its id begins with AKIA"),
        Told("一時的なキーです", "ID が AKIA で始まるもの"),
        answer=("AccessDenied", "Cannot call GetSessionToken with session credentials", 403),
    ),
    "RegionDisabledException": Row(
        Told("STS is switched off in N. Virginia", "Account settings"),
        Told("STS が無効です（バージニア北部）", "アカウント設定"),
        Faults(region_disabled=True),
    ),
    "ValidationError, duration": Row(
        Told("Duration not accepted", "between 15 minutes and 36 hours"),
        Told("有効期間が受け付けられませんでした", "15 分から 36 時間まで"),
        answer=("ValidationError", "1 validation error: Value '1' at 'durationSeconds' failed", 400),
    ),
    "ValidationError, code": Row(CODE, CODE_JA, answer=("ValidationError", "Value '1' at 'tokenCode' failed", 400)),
    "ValidationError, serial": Row(
        DEVICE, DEVICE_JA, answer=("ValidationError", "Value 'x' at 'serialNumber' failed", 400)
    ),
    "Throttling": Row(
        Told("Too many requests", "Wait a moment"),
        Told("リクエストが多すぎます", "しばらく待って"),
        Faults(throttled=True),
    ),
    "InternalFailure": Row(BUSY, BUSY_JA, Faults(answer=FaultyAnswer.INTERNAL_FAILURE)),
    "503": Row(BUSY, BUSY_JA, Faults(answer=FaultyAnswer.SERVICE_UNAVAILABLE)),
    "OptInRequired": Row(
        Told("AWS refused the request", "The reason that AWS gives is “OptInRequired”"),
        Told("AWS がリクエストを拒否しました", "「OptInRequired」"),
        answer=("OptInRequired", "", 403),
    ),
    "AccessDeniedException": Row(
        Told("AWS refused the request", "“AccessDeniedException”"),
        Told("AWS がリクエストを拒否しました", "「AccessDeniedException」"),
        answer=("AccessDeniedException", "", 403),
    ),
    "200 with HTML": Row(NOT_AWS, NOT_AWS_JA, Faults(answer=FaultyAnswer.CAPTIVE_PORTAL)),
    "302": Row(NOT_AWS, NOT_AWS_JA, Faults(answer=FaultyAnswer.REDIRECT)),
    "200, empty": Row(BROKEN, BROKEN_JA, Faults(answer=FaultyAnswer.EMPTY)),
    "XML cut off": Row(BROKEN, BROKEN_JA, Faults(answer=FaultyAnswer.CUT_OFF)),
    "no Credentials": Row(BROKEN, BROKEN_JA, Faults(answer=FaultyAnswer.NO_CREDENTIALS)),
    "bad date": Row(BROKEN, BROKEN_JA, Faults(answer=FaultyAnswer.BAD_DATE)),
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    language = str(request.param)
    i18n.install(language)
    return language


@pytest.fixture
def get_token_at(
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    make_services: Callable[..., Services],
    hand: Hand,
) -> Callable[..., str]:
    """Get a token in the window, and return what its note says then; at another URL, if given."""

    def get_token_at(url: str = "", user: str = "bob", code: str = "") -> str:
        write_aws_files(user)
        add_profile("work", user)
        desktop = open_desktop(make_services(url=url))
        hand.get_token(desktop, code)
        panel = desktop.window.panel
        assert panel.note.isVisible()
        assert not desktop.sessions.is_live(panel.profile_id)
        told = hand.shown_text(panel.note)
        assert CANARY not in hand.all_text()
        return told

    return get_token_at


@pytest.mark.fault(2)
@pytest.mark.fault(10)
@pytest.mark.fault(18)
@pytest.mark.parametrize("row", FROM_AWS.values(), ids=FROM_AWS)
def test_what_aws_refuses(
    language: str, get_token_at: Callable[..., str], embedded_sts: EmbeddedSts, server: "ScriptedServer", row: Row
) -> None:
    if row.answer is not None:
        code, words, status = row.answer
        server.refuses(code, f"{words} {CANARY}", status)
        told = get_token_at(server.url)
    else:
        embedded_sts.control.set(row.faults or Faults())
        told = get_token_at(user=row.user, code=row.code or "")
    assert row.told(language).title in told
    assert row.told(language).words in told


def test_a_wrong_secret_is_no_wrong_clock(
    language: str,
    open_desktop: Callable[..., Desktop],
    write_aws_files: Callable[..., None],
    add_profile: Callable[..., Profile],
    embedded_sts: EmbeddedSts,
    hand: Hand,
) -> None:
    key = embedded_sts.directory.user("bob").access_key
    wrong = f"[main]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key[::-1]}\n"
    write_aws_files("bob", credentials=wrong)
    add_profile("work", source=AwsProfileKey("main"))
    desktop = open_desktop()
    hand.get_token(desktop)
    told = hand.shown_text(desktop.window.panel.note)
    expected = {"en": "Secret access key does not match", "ja": "シークレットアクセスキーが一致しません"}
    assert expected[language] in told


NETWORK = {
    "refused": (Told("No connection to AWS", "Check the network"), Told("AWS に接続できません", "ネットワーク")),
    "silent": (Told("AWS does not answer", "did not answer in time"), Told("AWS から応答がありません", "時間内に応答")),
    "hung up": (Told("AWS does not answer", "try again"), Told("AWS から応答がありません", "しばらく待って")),
    "certificate": (
        Told("Certificate not trusted", "AWS_CA_BUNDLE"),
        Told("証明書が信頼されていません", "AWS_CA_BUNDLE"),
    ),
    "certificates": (
        Told("Trusted certificates cannot be read", "Correct the variable"),
        Told("信頼する証明書を読み取れません", "環境変数を修正"),
    ),
    "no TLS": (
        Told("No secure connection", "Check the endpoint"),
        Told("安全に接続できません", "エンドポイントを確認"),
    ),
    "proxy": (Told("Proxy does not work", "127.0.0.1:"), Told("プロキシを使用できません", "127.0.0.1:")),
}


@pytest.mark.fault(12)
@pytest.mark.fault(13)
@pytest.mark.fault(15)
@pytest.mark.fault(16)
@pytest.mark.parametrize("cause", NETWORK)
def test_what_the_network_refuses(
    language: str,
    get_token_at: Callable[..., str],
    server: "ScriptedServer",
    secure_server: "SecureServer",
    refused_url: str,
    monkeypatch: pytest.MonkeyPatch,
    cause: str,
) -> None:
    monkeypatch.setattr(client, "READ_TIMEOUT", 0.2)
    match cause:
        case "refused":
            url = refused_url
        case "silent" | "hung up":
            server.says(silent=cause == "silent", hang_up=cause == "hung up")
            url = server.url
        case "certificates":
            monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/certificates.pem")
            url = secure_server.url
        case "proxy":
            monkeypatch.setenv("HTTPS_PROXY", server.url.replace("://", f"://user:{CANARY}@"))
            url = secure_server.url
        case "no TLS":
            url = server.url.replace("http://", "https://")
        case _certificate:
            url = secure_server.url
    told = get_token_at(url)
    expected = NETWORK[cause][LANGUAGES.index(language)]
    assert expected.title in told
    assert expected.words in told
