"""The keys of [linear]: the mirror of tickets in Linear."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from maild.settings.fields import Line, Patience, Section, Whole, text_that
from maild.settings.oauth_toml import Url

TEAM = text_that(re.compile(r"[A-Z0-9]{1,10}", re.ASCII), "a team's key, such as ENG of ENG-17")
LINK = re.compile(r"(?:https?://|mailto:)\S{1,1000}")
FIELDS = frozenset({"ticket", "number", "address"})

Status = Literal["new", "gathering", "open", "waiting", "escalated", "resolved", "closed", "handed_off", "canceled"]


def way_back(value: Any) -> str:
    """Check the way back to a ticket."""
    if isinstance(value, str) and LINK.fullmatch(value) and set(re.findall(r"\{([^}]*)\}", value)) <= FIELDS:
        with suppress(ValueError):  # a brace by itself
            value.format_map(dict.fromkeys(FIELDS, ""))
            return value
    raise ValueError("an address that begins with https:// or mailto:, with {ticket}, {number} or {address} in it")


class LinearKeys(Section):
    """The two-way mirror of tickets in Linear; without this section there is none."""

    team: Annotated[str, PlainValidator(TEAM)]
    """Key of the team whose issues mirror the tickets: `ENG` of `ENG-17`."""

    key_file: str | None = None
    """File that holds the personal API key, or an OAuth token; `secrets/linear-key` if neither this nor `key_env` is given."""

    key_env: str | None = None
    """Environment variable that holds it."""

    tickets: Literal["technical", "escalated", "all"] = "technical"
    """Which tickets have an issue: `technical`, `escalated` (only those about which engineering was asked), or `all`."""

    personal_data: Literal["none", "words", "all"] = "none"
    """What of a client goes to Linear: `none` (neither their words nor who they are), `words` (their words, with names, addresses and telephone numbers masked), or `all`."""

    due_date: Literal["next_update", "estimate", "none"] = "next_update"
    """What an issue's due date is: when the client hears from us next, the estimate that a TSM gave, or nothing."""

    states: Mapping[Status, Line] = {}
    """Status of a ticket to the team's workflow state: `{ escalated = "In Progress", closed = "Done" }`; `canceled` is for spam and merged tickets. What is left out is chosen by the state's type."""

    labels: Mapping[Line, Line] = {}
    """Category to label: `{ network = "Network" }`; what is left out has the label that is called like the category, if there is one."""

    label: Line | None = None
    """A label that every issue of the mirror has."""

    priorities: Annotated[tuple[Annotated[Whole, Field(ge=0, le=4)], ...], Field(min_length=1, max_length=9)] = (
        *(1, 2, 3, 4),
        4,
    )
    """Linear's priority (1 urgent, 2 high, 3 medium, 4 low, 0 none) of each of the desk's, from 1 on."""

    link: Annotated[str, PlainValidator(way_back)] = "mailto:{address}?subject=%5B{ticket}%5D"
    """The way back that is attached to an issue: `{ticket}` is `T-17`, `{number}` is `17`, `{address}` the desk's address."""

    poll: Patience = Field(default="60s", validate_default=True)
    """How often Linear is asked what has changed; with webhooks only every 15 minutes, for what they have lost."""

    webhook_port: Annotated[Whole, Field(ge=1, le=65535)] | None = None
    """Port on 127.0.0.1 at which Linear's webhooks come in, by way of your web server; without it Linear is polled."""

    webhook_secret_file: str | None = None
    """File that holds the webhook's signing secret; `secrets/linear-webhook` if neither this nor `webhook_secret_env` is given."""

    webhook_secret_env: str | None = None
    """Environment variable that holds it."""

    url: Url = "https://api.linear.app/graphql"
    """Where Linear's API is."""

    ca_file: str | None = None
    """PEM file of the authority that signed its certificate, if it is not a public one."""
