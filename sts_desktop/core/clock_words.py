"""What is said of this computer's clock where it is wrong, though not so wrong that AWS refuses its requests."""

from datetime import timedelta

from sts_desktop.core.duration import format_duration
from sts_desktop.core.i18n import _

WORTH_A_WORD = timedelta(minutes=1)


def clock_warning(ahead: timedelta) -> str:
    """Return a sentence about a clock that AWS's is ahead of (negative: behind); empty where that is too little."""
    if abs(ahead) < WORTH_A_WORD:
        return ""
    text = (
        _("The clock of this computer is about {difference} slow; what STS Desktop shows goes by AWS's.")
        if ahead > timedelta()
        else _("The clock of this computer is about {difference} fast; what STS Desktop shows goes by AWS's.")
    )
    minutes = round(abs(ahead) / timedelta(minutes=1))
    return text.format(difference=format_duration(minutes * 60))
