"""The keys of [scan]: who looks for viruses in attachments."""

import re
from typing import Annotated

from pydantic import Field, PlainValidator

from maild.settings.fields import Length, Section, text_that

CLAMD = text_that(
    re.compile(r"/[^\0\n]{1,100}|[A-Za-z0-9.-]{1,253}:\d{1,5}", re.ASCII),
    "the path of clamd's socket, such as /run/clamav/clamd.ctl, or HOST:PORT",
)


class ScanKeys(Section):
    """The virus scanner; without one, attachments are passed on unscanned."""

    clamd: Annotated[str, PlainValidator(CLAMD)] | None = None
    """Socket of clamd, such as `/run/clamav/clamd.ctl`, or `host:port`; attachments are looked at before they leave for anybody."""

    timeout: Length = Field(default="20s", validate_default=True)
    """How long clamd may take for one file."""
