"""The keys of maild.toml about operation: what is watched, how it is told, and what is kept for how long."""

from typing import Annotated, Literal

from pydantic import Field

from maild.settings.fields import Length, Section

Port = Annotated[int, Field(ge=1, le=65535)]


class OperationKeys(Section):
    """How maild is watched over."""

    metrics_port: Port | None = None
    """Port on 127.0.0.1 with `/metrics` (Prometheus), `/healthz` and `/readyz`; nothing listens if left out."""

    reconcile: Length = Field(default="1h", validate_default=True)
    """How often server and store are compared for the metrics, while there is a `metrics_port`."""

    log: Literal["text", "json"] = "text"
    """Lines of the log: `text`, or `json`, an object a line."""
