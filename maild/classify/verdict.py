"""A verdict: what one classifier says about one mail."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to one question about a mail, with its reason."""

    question: str
    """`kind`, `technical`, `category`, `team`, `urgency`, `impact`, `reply_intent`, `reply_intent_if_asked`: what it
    says as an answer to the question whether it works; `words_below_tap`; or `by_telephone`, of a voice message alone."""

    label: str | None
    """One of the question's closed set of labels; None: not sure enough, a person decides.

    kind: person, automatic, bounce, bulk, spam. technical: yes, no. category: a name in `config/categories`.
    team: the name of another team, if it is not technical. urgency, impact: 1 (the highest) to 3. reply_intent: one of `reply_intent.INTENTS`. words_below_tap: understood, more. by_telephone: yes.
    """

    confidence: float | None
    """Calibrated probability of the best label; None where a rule or a table of points decided."""

    because: str
    """The words or facts that made it, for a person."""

    model: str | None = None
    """Digest of the learnt model that was asked; None: a rule or a table of points decided."""

    likely: tuple[str, ...] = ()
    """The labels that come to mind first where none is sure, the likeliest before the others."""

    untaught: tuple[str, ...] = ()
    """Teams of the desk that too few labels had named when the model learnt, or none, so that it can mean none of them."""

    beside: str | None = None
    """Of a reply: words beside its meaning that nobody has understood yet. With them a person reads it before it closes anything."""


def calls_automatic(verdicts: Iterable[Verdict]) -> bool:
    """Whether they say that a machine wrote the mail."""
    return any((verdict.question, verdict.label) == ("kind", "automatic") for verdict in verdicts)
