"""The keys of maild.toml about operation: what is watched, how it is told, and what is kept for how long."""

from typing import Annotated, Literal

from pydantic import Field

from maild.settings.fields import Length, Section, Whole

Port = Annotated[Whole, Field(ge=1, le=65535)]


class OperationKeys(Section):
    """How maild is watched over."""

    metrics_port: Port | None = None
    """Port on 127.0.0.1 with `/metrics` (Prometheus), `/healthz` and `/readyz`; nothing listens if left out."""

    reconcile: Length = Field(default="1h", validate_default=True)
    """How often server and store are compared for the metrics, while there is a `metrics_port`."""

    log: Literal["text", "json"] = "text"
    """Lines of the log: `text`, or `json`, an object a line."""


class RetentionKeys(Section):
    """How long things are kept; what is left out is kept for good. `maild retention` shows what is due."""

    tickets: Length | None = None
    """Closed tickets are emptied this long after the last thing that happened to them: mails, texts, names, addresses."""

    sources: Length | None = None
    """Of closed tickets, the bytes of mails with their attachments are deleted this long after that; texts stay."""

    unwanted: Length | None = None
    """Mail that belongs to no ticket (spam, bulk, automatic, bounces, dropped) is erased this long after it came."""
