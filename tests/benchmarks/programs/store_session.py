"""Puts a live session of the first profile into the keyring of the environment."""

from datetime import timedelta

from telling import give_up, tell

from sts_desktop.core.clock import utc_now
from sts_desktop.core.credentials import SessionCredentials
from sts_desktop.core.services import open_services

services = open_services()
profile = services.settings.load().profiles[0]
if not services.vault.status().is_persistent:
    give_up("there is no keyring")
ends = utc_now().replace(microsecond=0) + timedelta(hours=11)
services.vault.store_session(profile.id, SessionCredentials("ASIAEXAMPLEDEMO2WXYZ", "x" * 40, "y" * 720, ends))
tell(stored=profile.name)
