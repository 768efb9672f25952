"""The report as a JSON document: every number with its n and its tickets."""

from dataclasses import asdict
from math import isnan
from typing import Any

from maild.cli.output import rfc3339
from maild.knowledge.analysis.history import Period
from maild.knowledge.analysis.line import Analysis
from maild.process.desk import Desk


def document(told: Analysis, period: Period, desk: Desk) -> dict[str, Any]:
    """Write all of it; ticket numbers with the desk's prefix."""
    return {
        "desk": desk.name,
        "since": rfc3339(period.since),
        "until": rfc3339(period.until),
        "sections": [_plain(asdict(section), desk) for section in told.sections],
        "proposals": [_plain(asdict(proposal), desk) for proposal in told.proposals],
    }


def _plain(value: Any, desk: Desk, name: str = "") -> Any:
    if name == "tickets":
        return [desk.show(number) for number in value]
    if name == "how":
        return desk.with_numbers(value)
    if isinstance(value, dict):
        return {key: _plain(inner, desk, key) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, desk) for inner in value]
    return None if isinstance(value, float) and isnan(value) else value
