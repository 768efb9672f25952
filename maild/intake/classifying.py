"""Classify a mail in the process that has parsed it: what a stranger wrote costs that process, and not the desk."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from maild.classify.line import classify
from maild.classify.models import Models, load
from maild.classify.verdict import Verdict
from maild.errors import MaildError, Refused
from maild.mail.message import Mail

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifying:
    """Which models there are, for processes that read them for themselves."""

    folder: Path
    error_budget: float
    """As in `models.load`."""

    categories: frozenset[str] | None
    """As in `models.load`."""

    own_lists: tuple[str, ...]

    def models(self) -> Models:
        """Read the models, once in each process. Raises Refused where one is missing or broken."""
        return _models(self.folder, self.error_budget, self.categories)

    def prepare(self) -> None:
        """Read the models ahead; what is wrong with them is said when a mail needs them."""
        with suppress(Refused):
            self.models()

    def __call__(self, mail: Mail, /) -> tuple[Verdict, ...]:
        """Give the verdicts; a mail that no model can read is a TSM's to decide. Raises Refused as `models` does."""
        try:
            return classify([mail], self.models(), self.own_lists)[0]
        except (MaildError, ImportError):
            raise  # no fault of this mail
        except Exception as error:
            log.exception("mail not classified")
            because = f"the classifier failed on it ({type(error).__name__}: {error})"
            return (
                Verdict(question="kind", label="person", confidence=None, because=because),
                Verdict(question="technical", label=None, confidence=None, because=because),
            )


@cache
def _models(folder: Path, error_budget: float, categories: frozenset[str] | None) -> Models:
    return load(folder, error_budget=error_budget, categories=categories)
