"""How languages set their signs: quotation marks; French with its own apostrophe, and spaces at which no line breaks."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar, cast

Written = TypeVar("Written")

_MARKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"en": ("“", "”"), "de": ("„", "“"), "fr": ("«\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}»"), "es": ("«", "»")}
)
"""What begins and ends a quotation."""

_WITHIN = str.maketrans(dict.fromkeys("“”„«»", "'"))
_ENGLISH = re.compile("“([^”]*)”")

_SPACED = (" :", " ;", " ?", " !", " %", " »", "« ")
_PRINTED: Mapping[str, str] = MappingProxyType(
    {"'": "\N{RIGHT SINGLE QUOTATION MARK}"} | {typed: typed.replace(" ", "\N{NO-BREAK SPACE}") for typed in _SPACED}
)
"""What a keyboard types to what is printed."""


def quoted(words: str, language: str) -> str:
    """Words between the language's quotation marks; those within them become single ones, so that the quotation has one end."""
    begin, end = _MARKS.get(language, _MARKS["en"])
    return f"{begin}{words.translate(_WITHIN)}{end}"


def requoted(sentence: str, language: str) -> str:
    """A sentence whose quotations stand between English marks, with the language's own."""
    return _ENGLISH.sub(lambda found: quoted(found[1], language), sentence)


def french(written: Written) -> Written:
    """Set a text in French, or each text of a value that holds some."""
    return cast("Written", _set(written))


def _set(written: Any) -> Any:
    if isinstance(written, str):
        for typed, printed in _PRINTED.items():
            written = written.replace(typed, printed)
        return written
    if isinstance(written, Mapping):
        return {name: _set(each) for name, each in written.items()}
    if isinstance(written, tuple):
        return tuple(_set(each) for each in written)
    if is_dataclass(written) and not isinstance(written, type):
        return replace(written, **{field.name: _set(getattr(written, field.name)) for field in fields(written)})
    return written
