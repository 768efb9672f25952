"""A replay as a JSON document."""

from typing import Any

from maild.cli.output import rfc3339
from maild.replay.comparing import Comparison


def document(comparison: Comparison, words: str, tolerance: float) -> dict[str, Any]:
    """Write all of it."""
    return {
        "past": words,
        "mails": len(comparison.mails),
        "not_played": comparison.not_played,
        "differing": len(comparison.differing),
        "share": round(comparison.share, 6),
        "tolerance": tolerance,
        "same": comparison.share <= tolerance,
        "aspects": [
            {
                "aspect": change.aspect,
                "n": change.n,
                "differ": change.differ,
                "ways": [{"now": now, "then": then, "times": times} for now, then, times in change.ways],
            }
            for change in comparison.changes
        ],
        "differences": [
            {
                "mail": comparison.mails[each.mail].place,
                "at": rfc3339(comparison.mails[each.mail].at),
                "subject": comparison.mails[each.mail].subject,
                "aspect": each.aspect,
                "now": each.now,
                "then": each.then,
                "because": each.because,
            }
            for each in comparison.differences
        ],
    }
