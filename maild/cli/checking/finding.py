"""A finding: what became of trying one part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from maild.errors import MaildError, Refused
from maild.settings.values import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `maild check`."""

    part: str
    """What was tried, such as `database`."""

    ok: bool
    message: str
    cure: str
    """What to do; empty where there is nothing to do. Advice where `ok`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What every check is given."""

    settings: Settings
    environ: Mapping[str, str]


class Curable(Refused):
    """Refused, with a cure of its own."""

    def __init__(self, message: str, *, cure: str) -> None:
        super().__init__(message)
        self.cure = cure


def attempt(part: str, work: Callable[[], str], *, cure: str) -> Finding:
    """Try something: what it says is the message, and whatever it raises is the finding."""
    try:
        return Finding(part=part, ok=True, message=work(), cure="")
    except Curable as error:
        return Finding(part=part, ok=False, message=str(error), cure=error.cure)
    except MaildError as error:
        return Finding(part=part, ok=False, message=str(error), cure=cure)
    except Exception as error:
        return Finding(part=part, ok=False, message=f"unexpected {type(error).__name__}: {error}", cure=cure)
