"""Classify a mail in the process that has parsed it: what a stranger wrote costs that process, and not the desk."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from maild.classify.line import Knows, classify, knows_nothing
from maild.classify.models import Models, load
from maild.classify.promise import Promise
from maild.classify.serving import Chosen, Raised, put_in_place, raise_thresholds, read_chosen
from maild.classify.verdict import Verdict
from maild.errors import MaildError, Refused
from maild.mail.message import Mail
from maild.mail.worker import Readable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """What the models say about one mail."""

    verdicts: tuple[Verdict, ...]
    shadows: tuple[Verdict, ...] = ()
    """Of the versions in the shadow: they are compared, and never acted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifying:
    """Which models there are, for processes that read them for themselves."""

    folder: Path
    """Of the shipped models."""

    error_budget: float
    """As in `models.load`."""

    categories: frozenset[str] | None
    """As in `models.load`."""

    own_lists: tuple[str, ...]

    own_domains: tuple[str, ...] = ()
    """Where websites of the house write from."""

    teams: frozenset[str] = frozenset()
    """As in `models.load`."""

    promises: tuple[Promise, ...] = ()
    """Clients with a service level of their own."""

    versions: tuple[Chosen, ...] = ()
    """The desk's own, in service in place of the shipped ones."""

    shadows: tuple[Chosen, ...] = ()
    raised: tuple[Raised, ...] = ()

    def models(self) -> Models:
        """Read the models in service, once in each process. Raises Refused where one is missing or broken."""
        return _read(self).service

    def prepare(self) -> None:
        """Read the models ahead; what is wrong with them is said when a mail needs them."""
        with suppress(Refused):
            self.models()

    def __call__(self, mails: Sequence[Readable], /) -> list[Classified]:
        """Give the verdicts about some mails, by what they say alone."""
        return self.classify([mail for mail, _ in mails])

    def classify(self, mails: Sequence[Mail], knows: Knows = knows_nothing) -> list[Classified]:
        """Give the verdicts; a mail that no model can read is a TSM's to decide. Raises Refused as `models` does."""
        models = _read(self)
        try:
            verdicts = self._verdicts(mails, models.service, knows)
        except (MaildError, ImportError):
            raise  # no fault of these mails
        except Exception as error:
            if len(mails) > 1:
                return [classified for mail in mails for classified in self.classify([mail], knows)]
            log.exception("mail not classified")
            return [Classified(verdicts=_left_to_a_person(error)) for _ in mails]
        shadows = self._shadows(mails, models.shadow, knows)
        return [Classified(verdicts=one, shadows=other) for one, other in zip(verdicts, shadows, strict=True)]

    def _shadows(self, mails: Sequence[Mail], shadow: Models | None, knows: Knows) -> list[tuple[Verdict, ...]]:
        """A shadow that fails is as good as none: it must not harm the mail."""
        if shadow is None:
            return [() for _ in mails]
        try:
            return self._verdicts(mails, shadow, knows)
        except Exception as error:
            if len(mails) > 1:
                return [verdicts for mail in mails for verdicts in self._shadows([mail], shadow, knows)]
            log.warning("shadow failed on a mail", extra={"because": repr(error)})
            return [() for _ in mails]

    def _verdicts(self, mails: Sequence[Mail], models: Models, knows: Knows) -> list[tuple[Verdict, ...]]:
        return classify(mails, models, self.own_lists, self.promises, knows, own_domains=self.own_domains)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Read:
    """The models as one process has read them."""

    service: Models
    shadow: Models | None
    """Those in service, with all shadows in their places; None where there is no shadow."""


@lru_cache(maxsize=2)  # the mails of one group may come just before a promotion and just after
def _read(classifying: Classifying) -> _Read:
    budget = classifying.error_budget
    service = load(classifying.folder, error_budget=budget, categories=classifying.categories, teams=classifying.teams)
    for chosen in classifying.versions:
        service = put_in_place(service, *read_chosen(chosen, error_budget=budget))
    shadow = service if classifying.shadows else None
    for chosen in classifying.shadows:
        shadow = put_in_place(shadow or service, *read_chosen(chosen, error_budget=budget))
    return _Read(service=raise_thresholds(service, classifying.raised), shadow=shadow)


def _left_to_a_person(error: Exception) -> tuple[Verdict, ...]:
    because = f"the classifier failed on it ({type(error).__name__}: {error})"
    return (
        Verdict(question="kind", label="person", confidence=None, because=because),
        Verdict(question="technical", label=None, confidence=None, because=because),
    )
