"""Mails to verdicts: every question, asked of many mails at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from maild.classify.ask import Counted, ask, count
from maild.classify.intent.intents import Intents
from maild.classify.intent.reply_intent import TROUBLE, below_tap, is_answer, is_reply, read_in_context
from maild.classify.intent.reply_learnt import CLOSES, with_labels
from maild.classify.kind import kind, kind_by_text
from maild.classify.leaving import kept_for_its_forwarder, kept_here
from maild.classify.models import Models
from maild.classify.points import Facts
from maild.classify.promise import Promise, facts_of
from maild.classify.scale import place
from maild.classify.spam_words import Suspicion, suspect
from maild.classify.telephone import by_telephone
from maild.classify.text import model_text
from maild.classify.verdict import Verdict
from maild.mail.message import Mail

Knows = Callable[[Mail], Facts]


def knows_nothing(_: Mail) -> Facts:
    """What a desk knows that remembers no other mail."""
    return Facts()


def classify(
    mails: Sequence[Mail],
    models: Models,
    own_lists: Sequence[str],
    promises: Sequence[Promise] = (),
    knows: Knows = knows_nothing,
    *,
    own_domains: Sequence[str] = (),
) -> list[tuple[Verdict, ...]]:
    """Every mail's verdicts: kind always; what header fields do not call a machine's or bulk is asked everything.

    That is technical, category, the team, urgency and impact, and of an answer what it means; also where the text reads like bulk or
    spam, since a client whom the desk knows is heard all the same. `promises`: whose mail counts as more urgent. `knows`:
    what the desk remembers that makes a mail more urgent or wider. `own_domains`: where websites of the house write from.
    """
    asked = [(mail, kind(mail, own_lists, own_domains)) for mail in mails]
    told = iter(_verdicts([each for each in asked if each[1].label == "person"], models, promises, knows))
    return [next(told) if who.label == "person" else (who,) for _, who in asked]


def _verdicts(
    asked: Sequence[tuple[Mail, Verdict]], models: Models, promises: Sequence[Promise], knows: Knows
) -> list[tuple[Verdict, ...]]:
    """Model by model, and not mail by mail: what is looked up in one stays in the processor's own memory meanwhile."""
    mails = [mail for mail, _ in asked]
    suspicions = [None if is_reply(mail) else suspect(mail, models.spam) for mail in mails]
    counted = [count(model_text(mail.subject, mail.told), mail.language) for mail in mails]
    triages = [_triage(each, models) for each in counted]
    points = _points(mails, counted, models, [_facts(mail, promises, knows) for mail in mails])
    return [_together(*each, models=models) for each in zip(asked, counted, suspicions, triages, points, strict=True)]


def _points(
    mails: Sequence[Mail], counted: Sequence[Counted], models: Models, facts: Sequence[Facts]
) -> list[tuple[Verdict, Verdict]]:
    """Urgency and impact of each mail."""
    read = list(zip(map(_text, mails), counted, facts, strict=True))
    urgencies = [place(text, words, models.urgency, known.urgency) for text, words, known in read]
    impacts = [place(text, words, models.impact, known.impact) for text, words, known in read]
    return list(zip(urgencies, impacts, strict=True))


def _together(
    asked: tuple[Mail, Verdict],
    counted: Counted,
    suspicion: Suspicion | None,
    triage: tuple[Verdict, Verdict],
    points: tuple[Verdict, Verdict],
    *,
    models: Models,
) -> tuple[Verdict, ...]:
    """All about one mail, what one question's answer says to another's."""
    mail, who = asked
    meaning = _meaning(mail, models.intents) if is_answer(mail) else ()
    if meaning and not is_reply(mail):  # the words below a tap may speak against it, and decide nothing else
        meaning = (*(verdict for verdict in meaning if verdict.label in TROUBLE), below_tap(meaning[0]))
    triage = kept_here(_doubted(triage, suspicion), _text(mail), models, points)
    triage = kept_for_its_forwarder(triage, mail, models)
    called = by_telephone(mail)
    further = (*_team(counted, models), *points, *meaning, *([called] if called else []))
    return (kind_by_text(mail, suspicion) or who, *triage, *further)


def _text(mail: Mail) -> str:
    """What cues are looked for in."""
    return f"{mail.subject}\n\n{mail.told}"


def _facts(mail: Mail, promises: Sequence[Promise], knows: Knows) -> Facts:
    """What was promised to its author, and what the desk remembers."""
    promised, known = facts_of(mail.author.address if mail.author else None, promises), knows(mail)
    return replace(known, urgency=(*promised, *known.urgency))


def _meaning(mail: Mail, intents: Intents) -> tuple[Verdict, ...]:
    """By phrases, and by the desk's labels where it has taught any; they never say resolved against an answer to us."""
    alone, *asked = read_in_context(mail, intents)
    together = with_labels(alone, count(model_text("", mail.new_text), mail.language), intents.learnt)
    if together.label == CLOSES and any(answer.label != CLOSES for answer in asked):
        together = alone
    return (together, *asked)


def _team(counted: Counted, models: Models) -> tuple[Verdict, ...]:
    """Who takes it, should it not be technical; nothing where the desk's labels have not taught that yet."""
    if models.team is None:
        return ()
    untaught = tuple(sorted(set(models.teams) - models.team.given))
    return (replace(ask(counted, models.team, models.teams), untaught=untaught),)


def _doubted(triage: tuple[Verdict, Verdict], suspicion: Suspicion | None) -> tuple[Verdict, Verdict]:
    """What may be spam is for a TSM to say."""
    if suspicion is None or suspicion.is_sure:
        return triage
    because = f"it may be spam ({suspicion.probability:.2f}): {suspicion.because}"
    technical, category = triage
    return replace(technical, label=None, because=f"{because}; {technical.because}"), replace(category, label=None)


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
