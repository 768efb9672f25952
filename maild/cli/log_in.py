"""`maild init --log-in`: a person lets maild into the mailbox once, in a browser of any device."""

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from maild.doors.device_log_in import Invitation
    from maild.settings.values import OAuthSettings, Settings


def log_in(folder: Path) -> int:
    """Log in for every section of OAuth that works with a person's log-in. Raises Refused, Deferred, ConfigurationError."""
    from maild.settings.reading import read_settings

    settings = read_settings(folder, os.environ)
    sections = _sections(settings)
    if not sections:
        raise ConfigurationError(
            f'{folder / "maild.toml"}: no [mailbox.oauth] with grant = "refresh_token"; nobody has to log in'
        )
    for section in sections:
        _log_in(section, settings)
    sys.stdout.write(f"\nNext: maild --config {folder} check\n")
    return 0


def _sections(settings: "Settings") -> "list[OAuthSettings]":
    """One section for each file of a refresh token: whoever shares it shares the log-in."""
    found = [*(mailbox.oauth for mailbox in settings.mailboxes), settings.smtp.oauth]
    people = {each.refresh_token_file: each for each in reversed(found) if each and each.grant == "refresh_token"}
    return list(reversed(people.values()))


def _log_in(section: "OAuthSettings", settings: "Settings") -> None:
    from maild.daemon.log_in import application_of
    from maild.doors import device_log_in
    from maild.doors.token_file import TokenFile

    if section.device_url is None:
        raise ConfigurationError(
            f"[{section.key}]: this provider lets nobody log in on another device. Write a refresh token of your own into"
            f" {section.refresh_token_file}, or use a service account (docs/oauth.md)"
        )
    file = TokenFile(section.refresh_token_file)
    with file.locked():
        pass  # shows at once where the token cannot be written; a running maild is not kept waiting for a person
    application = application_of(section, os.environ)
    token = device_log_in.log_in(application, section.device_url, show=_show, sleep=time.sleep)
    with file.locked():
        file.replace(token)
    who = settings.mailboxes[0].username
    sys.stdout.write(f"Logged in. maild keeps the refresh token in {file.path}, and gets into {who} by itself now.\n")


def _show(invitation: "Invitation") -> None:
    minutes = max(1, round(invitation.seconds / 60))
    sys.stdout.write(
        f"Open this page on any device, and log in as somebody who may use the mailbox:\n\n"
        f"    {invitation.page}\n\n"
        f"and enter this code (it holds for {minutes} minutes):\n\n"
        f"    {invitation.code}\n\n"
        f"Waiting for you ...\n"
    )
    sys.stdout.flush()
