"""Whether the parts of a model fit together, and its card."""

from collections.abc import Mapping
from typing import Any

from maild.classify.intent.intents import PHRASES
from maild.classify.linear import LinearModel
from maild.errors import Refused


def check_parts(model: LinearModel, card: Mapping[str, Any]) -> None:
    """Raise Refused where they do not."""
    terms, labels = len(model.vocabulary), len(model.labels)
    shapes = {"weights": (terms, labels), "idf": (terms,), "intercept": (labels,)}
    for name, shape in shapes.items():
        if getattr(model, name).shape != shape:
            raise Refused(f"its {name} do not fit its card: {getattr(model, name).shape} and not {shape}")
    if len(set(model.labels)) != labels or labels < 2:  # noqa: PLR2004 - one label is no question
        raise Refused(f"its card names {labels} labels, and not two or more different ones")
    if not model.temperature > 0:
        raise Refused(f"its temperature is {model.temperature}, and not above 0")
    if (model.question == "reply_intent") != (model.phrases is not None):
        raise Refused("its question and its content do not agree on whether it corrects the phrases of replies")
    if model.phrases is not None and model.phrases.shape != (len(PHRASES), labels):
        raise Refused("its weights for the phrases of replies do not fit")
    _fit_base(model, card.get("base"))
    if (model.encoder is None) != (model.sense_weights is None):
        raise Refused("its card and its content do not agree on whether it reads by a sentence encoder")
    if model.encoder and model.sense_weights is not None and not model.sense_weights.fits(model.encoder.size, labels):
        raise Refused("its weights for the sentence encoder do not fit")


def _fit_base(model: LinearModel, named: str | None) -> None:
    if (named is None) != (model.mixing is None):
        raise Refused("its card and its content do not agree on whether it stands on another model")
    if named is None:
        return
    if model.base is None or model.base.digest != named or model.mixing is None:
        raise Refused(f"it stands on the model {named[:12]}, which is not there")
    if model.mixing.shape != (len(model.base.labels), len(model.labels)):
        raise Refused("its mixing does not fit the model that it stands on")
