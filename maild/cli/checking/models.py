"""Check of the models: are they readable, which of the desk's categories do they know, and what has gone wrong."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.cli.opening import open_store
from maild.errors import ConfigurationError, Refused

if TYPE_CHECKING:
    from maild.daemon.choosing import Choice

CURE = "install maild again, or train the shipped models again: maild train --data FOLDER"
ROLL_BACK = "maild models rollback QUESTION, then train it again: maild train"
RAISED = "maild models shows them; a new model undoes this, or maild models lower NAME LABEL"


def check_models(trial: Trial) -> Iterator[Finding]:
    """Load every model with its card: those that came with maild, then the desk's own."""
    yield attempt("models", lambda: look(trial), cure=CURE)
    choice = own_versions(trial)
    if choice is None:
        return
    for refusal in choice.refusals:
        yield Finding(part="models", ok=False, message=refusal.because, cure=ROLL_BACK)
    if choice.classifying.versions:
        names = ", ".join(chosen.question for chosen in choice.classifying.versions)
        yield Finding(part="models", ok=True, message=f"the desk's own versions answer: {names}", cure="")
    if choice.classifying.raised:
        labels = ", ".join(raised.label for raised in choice.classifying.raised)
        message = f"corrections broke the error budget: more is asked of {labels}"
        yield Finding(part="models", ok=True, message=message, cure=RAISED)


def look(trial: Trial) -> str:
    """Say what the category model knows of the desk's categories. Raises Refused or NotFound."""
    from maild.daemon.opening import classifying_of

    settings = trial.settings
    known = set(classifying_of(settings).models().category.labels)
    strange = sorted(settings.categories.keys() - known)
    without = f"; a person decides on {', '.join(strange)}, which they do not know" if strange else ""
    return f"loaded with their cards; they know {len(known & settings.categories.keys())} of the desk's categories{without}"


def own_versions(trial: Trial) -> "Choice | None":
    """What the database says should answer; None where it cannot be asked, which its own check tells."""
    from maild.daemon.choosing import choose
    from maild.daemon.opening import classifying_of

    try:
        with (
            TemporaryDirectory(prefix="maild-models-") as folder,
            open_store(trial.settings, trial.environ) as store,
            store.read() as connection,
        ):
            return choose(connection, classifying_of(trial.settings), Path(folder))
    except (Refused, ConfigurationError):
        return None
