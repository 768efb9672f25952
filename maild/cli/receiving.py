"""Who would take a mail that is not technical by the configuration alone: what a model of the teams must do better than."""

from collections.abc import Callable

from maild import shipped
from maild.classify.ask import ask, count
from maild.classify.models import load
from maild.classify.text import model_text
from maild.daemon.opening import rules_of
from maild.settings.values import Settings

ByConfiguration = Callable[[str, str | None], str | None]
"""Subject, a blank line and text; and its language (None: unknown). Gives a team's name, or None where no team claims it."""


def by_configuration(settings: Settings) -> ByConfiguration:
    """By the category that the shipped model sees, and the teams' own words. Raises Refused where the model is broken.

    The desk's own model of categories has learnt from these very mails, and would be judged too well by them.
    """
    rules, budget = rules_of(settings), settings.classify.error_budget
    model = load(shipped.folder("models"), error_budget=budget).category

    def receive(whole: str, language: str | None) -> str | None:
        text = model_text(*whole.split("\n\n", 1))
        category = ask(count(text, language), model, frozenset(settings.categories)).label
        found = rules.claimant(category, whole)
        return found.team.name if found else None

    return receive
