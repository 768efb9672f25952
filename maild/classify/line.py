"""Mails to verdicts: every question, asked of many mails at once."""

from collections.abc import Sequence
from dataclasses import replace

from maild.classify.ask import Counted, ask, count
from maild.classify.kind import kind
from maild.classify.models import Models
from maild.classify.reply_intent import intent_of, is_reply
from maild.classify.scale import place
from maild.classify.text import model_text
from maild.classify.verdict import Verdict
from maild.mail.message import Mail


def classify(mails: Sequence[Mail], models: Models, own_lists: Sequence[str]) -> list[tuple[Verdict, ...]]:
    """Every mail's verdicts: kind always; of a person's mail also technical, category, urgency and impact, of a reply what it means."""
    return [_verdicts(mail, models, own_lists) for mail in mails]


def _verdicts(mail: Mail, models: Models, own_lists: Sequence[str]) -> tuple[Verdict, ...]:
    who = kind(mail, own_lists)
    if who.label != "person":
        return (who,)
    counted = count(model_text(mail.subject, mail.new_text), mail.language)
    text = f"{mail.subject}\n\n{mail.new_text}"
    points = place(text, counted, models.urgency), place(text, counted, models.impact)
    meaning = (intent_of(mail, models.intents),) if is_reply(mail) else ()
    return (who, *_triage(counted, models), *points, *meaning)


def _triage(counted: Counted, models: Models) -> tuple[Verdict, Verdict]:
    """Technical and category; where the two contradict each other, the category is left to a person."""
    technical, category = ask(counted, models.technical), ask(counted, models.category, models.categories)
    if None in (technical.label, category.label):
        return technical, category
    is_technical = category.label in models.technical_categories
    if is_technical == (technical.label == "yes"):
        return technical, category
    because = f"the models contradict each other: technical {technical.label}, category {category.label}"
    return technical, replace(category, label=None, because=because)
