"""One host of STS: where it is, whom it serves, and where its tokens work, in words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sts_desktop.core.i18n import N_, _, current_language, in_every_language, sentences
from sts_desktop.core.sts.endpoint_table import CONSOLE_HOSTS, FIXED_OFF_IN_2021, HOST_SUFFIXES

GLOBAL_ID = "global"
CUSTOM_ID = "custom"
FIPS = "-fips"
"""What follows the region in the id of a FIPS host."""


@dataclass(frozen=True)
class Endpoint:
    """One host of STS.

    Attributes:
        id: the region's name, `global`, `custom`, or `<region>-fips`, which is botocore's name for it.
        partition: such as `aws` or `aws-cn`.
        url: scheme and host (and port), without a slash at the end.
        signing_region: the region that a request to it is signed for.
        place_en: the place in English, or the host of a custom endpoint.
        place_ja: the place in Japanese, or the host of a custom endpoint.
        enabled_by_default: whether an account has it without doing anything.
        can_be_deactivated: whether an account can switch it off.
    """

    id: str
    partition: str
    url: str
    signing_region: str
    place_en: str
    place_ja: str
    enabled_by_default: bool
    can_be_deactivated: bool

    @property
    def host(self) -> str:
        """The host name, with the port where the URL has one."""
        return self.url.partition("://")[2]

    @property
    def place(self) -> str:
        """The place in the current language."""
        return self.place_ja if current_language() == "ja" else self.place_en

    @property
    def is_fips(self) -> bool:
        """Whether it is a host of its own with FIPS 140 modules, beside the region's usual one."""
        return self.id.endswith(FIPS)

    @property
    def is_regional(self) -> bool:
        """Whether it is the usual host of a region."""
        return self.id == self.signing_region

    @property
    def is_of_aws(self) -> bool:
        """Whether it is AWS's own: a host of STS, or a VPC endpoint (`vpce-….sts.<region>.vpce.amazonaws.com`).

        Anything else may be a stand-in for AWS, whose keys are to go nowhere else. Customers have names below
        `amazonaws.com` too, such as that of a load balancer.
        """
        suffix = re.escape(HOST_SUFFIXES[self.partition])
        own = rf"https://(sts(-fips)?(\.[a-z0-9-]+)?|[a-z0-9.-]+\.{self.signing_region}\.vpce)\.{suffix}(:[0-9]+)?"
        return self.id != CUSTOM_ID or re.fullmatch(own, self.url) is not None

    @property
    def account_settings_url(self) -> str:
        """The page of the IAM console on which an administrator switches STS in regions on and off; may be empty."""
        console = CONSOLE_HOSTS.get(self.partition)
        return f"https://{console}/iam/home#/account_settings" if console else ""

    def default_words(self) -> str:
        """Return whether an account has it from the start, in a few words; nothing of a custom one."""
        return _(self._default_words()) if self.id != CUSTOM_ID else ""

    def switch_words(self) -> str:
        """Return whether an account can switch STS off there, in a few words; nothing of a custom one."""
        return _(self._switch_words()) if self.id != CUSTOM_ID else ""

    def tokens_words(self) -> str:
        """Return where its tokens work, in a few words; `works_where` says more."""
        return _(self._tokens_words())

    def _default_words(self) -> str:
        return N_("on by default") if self.enabled_by_default else N_("opt-in region")

    def _switch_words(self) -> str:
        if self.can_be_deactivated:
            return N_("can be switched off")
        return N_("always on") if self.enabled_by_default else N_("follows its region")

    def _tokens_words(self) -> str:
        if self.id == CUSTOM_ID:
            return N_("depends on the service")
        return N_("regions on by default") if self.id == GLOBAL_ID else N_("all regions")

    def works_where(self) -> str:
        """Return a sentence that says in which regions its tokens work.

        Source: IAM User Guide, "Manage AWS STS in an AWS Region".
        """
        if self.id == GLOBAL_ID:
            return _(
                "Its tokens work only in regions that are enabled by default, unless the account uses version 2 tokens."
            )
        if self.id == CUSTOM_ID:
            return _("Where its tokens work depends on the service behind this address.")
        if self.partition == "aws":
            return _("Its tokens work in all regions.")
        return _("Its tokens work in all regions of the partition {partition}.").format(partition=self.partition)

    def explanation(self) -> str:
        """Return in sentences where its tokens work, whom it serves, and what has changed since the list of 2021.

        Sources: IAM User Guide, "Manage AWS STS in an AWS Region"; for the global endpoint, which was served by N.
        Virginia alone, "AWS STS Regions and endpoints".
        """
        return sentences(self.works_where(), self._activation(), self._change())

    def _activation(self) -> str:
        if self.id == CUSTOM_ID:
            return ""
        if self.can_be_deactivated:
            return _("An account can switch STS off there, and on again.")
        if self.enabled_by_default:
            return _("It serves every account.")
        return _("It serves accounts that have enabled the region.")

    def _change(self) -> str:
        if self.id == GLOBAL_ID:
            return _("Since 2025, requests from regions that are on by default are answered where they come from.")
        if self.id in FIXED_OFF_IN_2021:
            return _("In 2021, STS could not be enabled there at all.")
        return ""

    def matches(self, needle: str) -> bool:
        """Return whether each word of `needle` occurs in what is shown of it, in any language and letter case.

        Accents need not be typed: `sao paulo` finds São Paulo.
        """
        words = (self._default_words(), self._switch_words(), self._tokens_words())
        return _holds((*self._names(), *(text for word in words for text in in_every_language(word))), needle)

    def is_called(self, needle: str) -> bool:
        """Return whether each word of `needle` occurs in its id, host, places or partition; else as `matches`."""
        return _holds(self._names(), needle)

    def _names(self) -> tuple[str, ...]:
        return self.id, self.host, self.place_en, self.place_ja, self.partition


def _holds(texts: Iterable[str], needle: str) -> bool:
    haystack = _folded(" ".join(texts))
    return all(word in haystack for word in _folded(needle).split())


def _folded(text: str) -> str:
    """Return `text` for a search: without letter case, width and accents; the voice marks of kana stay."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f"))
