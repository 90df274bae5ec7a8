"""Our way to a token, all that `sts-desktop get-token` does, with the vault in memory. `our_token.py URL`."""

import time

began = time.perf_counter()

import gc  # noqa: E402  (after the clock)
import sys  # noqa: E402

gc.disable()  # as `sts_desktop.__main__` does


from sts_desktop.core.services import open_services  # noqa: E402
from sts_desktop.core.sts.client import Sts  # noqa: E402
from sts_desktop.core.vault.vault import memory_vault  # noqa: E402

services = open_services(vault=memory_vault(), sts=Sts(url_for=lambda _endpoint: sys.argv[1]))
profile = services.settings.load().profiles[0]
services.sessions.get_token(profile)
ended = time.perf_counter()

from telling import tell  # noqa: E402

assert services.vault.session(profile.id)
tell(ms=(ended - began) * 1000)
