"""The column of a model's card, which can be read whatever a hand or a disk has made of it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from sqlalchemy import JSON, Dialect, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from maild.classify.models import DAMAGED

_TABLES = ("rows", "scores", "scores_per_label", "compared", "guarantee")
"""What of a card is shown before anybody has measured its digest."""


class Card(TypeDecorator[Mapping[str, Any]]):
    """A JSON object. Where there is none, a card that says so: one model is refused by it, and no other suffers."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As all JSON of the database."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Mapping[str, Any]]:
        """From the database."""
        parse = super().result_processor(dialect, coltype) or (lambda value: value)

        def read(value: Any) -> Mapping[str, Any]:
            try:
                card = parse(value)
            except (ValueError, TypeError, RecursionError) as error:
                return {DAMAGED: f"its card is no JSON: {error}"}
            return card if _is_card(card) else {DAMAGED: "its card is no JSON object of the form that maild writes"}

        return read


def _is_card(card: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(card, dict) and all(isinstance(card.get(name) or {}, dict) for name in _TABLES)
