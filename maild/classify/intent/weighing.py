"""The label that the signs of a reply come to; none where they disagree or say too little. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from maild.classify.intent.sign import HEDGED, FoundSign

_ENOUGH = 3
"""Points at which a label is given against nothing; "it works" has as many, "works" alone has not."""

ENDED = 4
"""Points of what says that something ended, such as "works now" or "is solved"."""

_SOME = 2
"""Points that make what speaks against a label worth reading."""


def weigh(found: Sequence[FoundSign]) -> tuple[str | None, str]:
    """The label, and what the signs alone do not explain."""
    points = _points(found)
    if points["unclear"] or points["automatic"]:
        return (None, "it may be meant the other way round") if points["unclear"] else ("automatic", "")
    if points["resolved"] and points["not_resolved"]:
        return _contradicted(found, points)
    if points["resolved"]:
        return _resolved(found, points)
    if points[HEDGED]:
        return _hedged(points)
    if points["not_resolved"] >= _SOME and not _starts_anew(found, points):
        return ("partly" if points["partly"] >= _ENOUGH else "not_resolved"), ""
    return _remaining(points), ""


def _points(found: Sequence[FoundSign]) -> Counter[str]:
    """Label to points; a sign counts once for a label."""
    best: dict[tuple[str, str], int] = {}
    for one in found:
        best[one.says, one.sign.name] = max(one.points, best.get((one.says, one.sign.name), 0))
    points = Counter[str]()
    for (says, _), value in best.items():
        points[says] += value
    return points


def _contradicted(found: Sequence[FoundSign], points: Mapping[str, int]) -> tuple[str | None, str]:
    """Both "works" and "fails": the last word counts where the first is behind it ("it failed, but now it works")."""
    if _starts_anew(found, points):
        return "new_problem", ""
    last = max(found, key=lambda one: (one.says in ("resolved", "not_resolved"), one.place.start))
    if last.says == "not_resolved":
        if last.points >= ENDED:
            return "not_resolved", "what worked was before"
        strong = points["not_resolved"] >= _SOME
        if strong and points["resolved"] < _ENOUGH:
            return "not_resolved", "nothing says clearly enough that it works"
        return ("partly", "part of it works") if strong else (None, "it works, and something does not")
    if last.points >= ENDED:
        return "resolved", "what failed was before"
    return None, "it fails, and it works"


def _hedged(points: Mapping[str, int]) -> tuple[str | None, str]:
    """It works, but: what stands behind the "but" says what is left; where that is unknown nothing is closed."""
    if points["not_resolved"] >= _SOME or points["partly"]:
        return "partly", "part of it works"
    return ("new_problem", "") if points["new_problem"] >= _SOME else (None, "it works, but")


def _resolved(found: Sequence[FoundSign], points: Mapping[str, int]) -> tuple[str | None, str]:
    if points["partly"]:
        return "partly", ""
    last = [one.says for one in found if one.says in ("resolved", HEDGED)][-1]
    has_doubt = points["promise"] or last == HEDGED
    if points["resolved"] < (ENDED if has_doubt else _ENOUGH):
        return None, "resolved? Not said clearly enough"
    return ("new_problem" if points["new_problem"] >= _SOME else "resolved"), ""


def _starts_anew(found: Sequence[FoundSign], points: Mapping[str, int]) -> bool:
    """Whether what fails is announced as something else ("another problem: the printer does not print")."""
    if points["new_problem"] < _SOME:
        return False
    announced = min(one.place.start for one in found if one.says == "new_problem")
    return all(one.place.start > announced for one in found if one.says == "not_resolved")


def _remaining(points: Mapping[str, int]) -> str | None:
    """What a reply means that says nothing about whether it works."""
    if points["thanks"] and points["promise"] and not points["new_problem"]:
        return "thanks"
    for label, least in (("partly", _ENOUGH), ("new_problem", _SOME), ("question", _SOME), ("information", _SOME)):
        if points[label] >= least:
            return label
    return "thanks" if points["thanks"] or points["promise"] else None
