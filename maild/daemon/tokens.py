"""Tokens are renewed before they expire, though nobody logs in for hours; the first refusal is an alarm."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field

from maild.daemon.log_in import tokens_at_hand
from maild.errors import ConfigurationError, Refused
from maild.settings.values import OAuthSettings


@dataclass(kw_only=True)
class TokenWatch:
    """Looks after the tokens that this process has asked for, of mailboxes and of submission alike."""

    sections: Collection[OAuthSettings]

    alarm: Callable[[str, str], None]
    """Is told the section and the reason: while the old token holds, mail about it can still leave."""

    _told: dict[str, str] = field(default_factory=dict)

    def look(self) -> None:
        """Renew what is about to expire, and tell each refusal once. Raises Refused where the store does not take that."""
        for section, tokens in tokens_at_hand(self.sections).items():
            with suppress(Refused, ConfigurationError):  # whoever logs in meets the same, and says so
                tokens.keep_fresh()
            refusal = tokens.refusal
            if refusal is None:
                self._told.pop(section, None)
            elif self._told.get(section) != refusal:
                self.alarm(section, refusal)
                self._told[section] = refusal
