"""Check of the models: are they readable, and which of the desk's categories do they know."""

from collections.abc import Iterator

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.shipped import folder

CURE = "install maild again, or train the models anew: maild train"


def check_models(trial: Trial) -> Iterator[Finding]:
    """Load every model with its card."""
    yield attempt("models", lambda: look(trial), cure=CURE)


def look(trial: Trial) -> str:
    """Say what the category model knows of the desk's categories. Raises Refused or NotFound."""
    from maild.classify.models import load

    settings = trial.settings
    models = load(folder("models"), error_budget=settings.classify.error_budget, categories=settings.categories.keys())
    known = set(models.category.labels)
    strange = sorted(settings.categories.keys() - known)
    without = f"; a person decides on {', '.join(strange)}, which they do not know" if strange else ""
    return f"loaded with their cards; they know {len(known & settings.categories.keys())} of the desk's categories{without}"
