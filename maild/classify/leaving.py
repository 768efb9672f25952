"""What leaves the desk by a person's word alone, though the model calls it not technical."""

from collections.abc import Sequence
from dataclasses import replace

from maild.classify.ask import ask, count
from maild.classify.models import Models
from maild.classify.points import count_cues
from maild.classify.text import model_text
from maild.classify.verdict import Verdict
from maild.mail.message import Mail

HIGHEST = "1"
"""Of urgency and of impact."""

OUT = frozenset({"outage", "work stands still"})
"""Cues of the urgency table: whose mail they stand in has lost a service, whatever the service is for."""

FAILS = frozenset({"something fails", "trouble is named"})
"""Cues of it that stand in every second complaint: they weigh only where much hangs on it."""


def kept_here(
    triage: tuple[Verdict, Verdict], text: str, models: Models, points: Sequence[Verdict]
) -> tuple[Verdict, Verdict]:
    """Technical and category, left to a person where a fault may read like business mail.

    `text` is the subject, a blank line and the new text; `points` are the verdicts on urgency and impact.
    """
    technical, category = triage
    if technical.label != "no":
        return triage
    highest = [verdict.label == HIGHEST for verdict in points]
    why = technical.because
    if all(highest):
        because = f"it is of the highest urgency and impact, so a person decides whether it is technical: {why}"
    elif category.label is None and _is_out(text, models, hangs_much_on_it=any(highest)):
        because = (
            "it says that something fails or is out, and no category is sure, "
            f"so a person decides whether it is technical: {why}"
        )
    else:
        return triage
    return replace(technical, label=None, because=because), replace(category, label=None)


def kept_for_its_forwarder(triage: tuple[Verdict, Verdict], mail: Mail, models: Models) -> tuple[Verdict, Verdict]:
    """Technical and category, left to a person where only the mail that somebody hands on with a word reads like business.

    They may ask whether it is genuine, or have clicked on what it says; its subject is that of what they hand on.
    """
    technical, category = triage
    if technical.label != "no" or not mail.handed_on or not mail.new_text:
        return triage
    own = ask(count(model_text("", mail.new_text), mail.language), models.technical)
    if own.label == "no":
        return triage
    because = f"only what its author hands on is surely not technical, so a person decides: {technical.because}"
    return replace(technical, label=None, because=because), replace(category, label=None)


def _is_out(text: str, models: Models, *, hangs_much_on_it: bool) -> bool:
    found = {cue.name for cue in count_cues(text, models.urgency).found if cue.points > 0}
    return bool(found & OUT) or (bool(found & FAILS) and hangs_much_on_it)
