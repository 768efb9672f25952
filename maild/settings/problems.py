"""What is wrong with a file, in words: key, value, what is allowed."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from maild.settings.fields import Section

Place = tuple[int | str, ...]

SECRET = re.compile(r"pass|secret|token|oauth|credential|key$", re.IGNORECASE)
LONGEST = 80
"""Characters of a value that are shown."""

ALLOWED = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text in quotes",
    "tuple_type": "a list, such as [ ... ]",
    "model_type": "a section (a table)",
    "dict_type": "a section (a table)",
    "mapping_type": "a section (a table)",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length} of them",
    "literal_error": "{expected}",
    "enum": "{expected}",
}
"""pydantic's error type to the words for what is allowed; the braces are filled from the error's context."""


def own_errors(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out errors that only follow from others: a list counts its wrong items as missing."""
    parents = {error["loc"][:end] for error in errors for end in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in parents]


def problem(where: str, error: ErrorDetails, model: type[Section]) -> str:
    """Write one validation error as one line."""
    place = error["loc"]
    if place and place[-1] == "[key]":
        return f"{where}: {show_key(place[:-1])} is unknown{suggest(str(place[-2]), expected(error))}"
    key = show_key(place)
    if error["type"] == "extra_forbidden":
        return unknown(where, place, model)
    if error["type"] == "missing":
        return f"{where}: {key} is missing; allowed: {meaning(model, place)}"
    return wrong(where, key, error["input"], allowed(error))


def wrong(where: str, key: str, value: object, allowed: str) -> str:
    """Write that a value may not stand where it stands."""
    shown = "(its value is not shown)" if SECRET.search(key.rpartition(".")[2]) else show_value(value)
    return f"{where}: {key} = {shown} is not allowed; allowed: {allowed}"


def refer(file: Path, key: str, name: str, known: Iterable[str]) -> str:
    """Write that a name is nobody's."""
    return f"{file}: {key} = {show_value(name)} is unknown{suggest(name, known)}"


def unknown(where: str, place: Place, model: type[Section]) -> str:
    """Write that a key is unknown; its value is not shown, because it may be a misspelt password."""
    key = show_key(place)
    if str(place[-1]) == "password":
        return (
            f"{where}: {key} is not allowed: no secret stands in this file or in a variable of this form;"
            " allowed: password_file (a file that holds it) or password_env (the name of a variable that holds it)"
        )
    known = sorted(keys_of(section_at(model, place[:-1])))
    return f"{where}: {key} is unknown{belongs(place, model)}{suggest(str(place[-1]), known)}"


def belongs(place: Place, model: type[Section]) -> str:
    """Say which sections have a key that stands above all of them."""
    sections = [name for name, field in keys_of(model).items() if has_key(section_in(field.annotation), place[0])]
    return f" above the sections; it belongs below {' or '.join(sections)}" if len(place) == 1 and sections else ""


def has_key(section: type[Section] | None, key: object) -> bool:
    """Whether a section has a key of that name."""
    return section is not None and key in keys_of(section)


def suggest(word: str, known: Iterable[str]) -> str:
    """Say what might have been meant, and what is allowed."""
    words = list(known)
    near = get_close_matches(word.casefold(), words, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{meant}; allowed: {', '.join(words)}"


def allowed(error: ErrorDetails) -> str:
    """Say what is allowed in place of a value."""
    context = error.get("ctx", {})
    if error["type"] in {"value_error", "assertion_error"}:
        return str(context["error"])
    return ALLOWED.get(error["type"], error["msg"]).format_map(context)


def expected(error: ErrorDetails) -> list[str]:
    """List the words that were expected, from pydantic's text `'a', 'b' or 'c'`."""
    return re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))


def show_key(place: Place) -> str:
    """Write the place of a value, such as `mailbox[0].port`."""
    shown = ""
    for part in place:
        shown += f"[{part}]" if isinstance(part, int) else f".{show_value(part)[1:-1]}"
    return shown.removeprefix(".") or "the file"


def show_value(value: object) -> str:
    """Write a value as its file does, cut where it is long; never what is inside a section, which may be a secret."""
    if isinstance(value, Mapping):
        return "(a section)"
    if isinstance(value, Sequence) and any(isinstance(item, (Mapping, list)) for item in value):
        return "(a list of sections)"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def meaning(model: type[Section], place: Place) -> str:
    """Say what a key is for, in the words of its docstring."""
    found = (keys_of(section_at(model, place[:end])).get(str(place[end])) for end in (-1, -2)[: len(place)])
    field = next(filter(None, found), None)
    return " ".join((field.description or "a section of that name").split()) if field else "a value"


def section_at(model: type[Section], place: Place) -> type[Section]:
    """Find the section that stands at a place; parts that number or name an item are passed over."""
    for part in place:
        field = keys_of(model).get(str(part))
        model = (section_in(field.annotation) if field else None) or model
    return model


def section_in(annotation: Any) -> type[Section] | None:
    """Find the section that a field's type speaks of, such as that of `tuple[MailboxKeys, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for inner in get_args(annotation) if (found := section_in(inner))), None)


def keys_of(model: type[Section]) -> dict[str, FieldInfo]:
    """Give the keys of a section as they stand in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}
