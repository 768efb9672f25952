"""Overrides from the environment: `MAILD_<SECTION>__<KEY>` stands over maild.toml."""

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from maild.settings.problems import Place

PREFIX = "MAILD_"
NAMING = ("__PASSWORD_ENV", "__CLIENT_SECRET_ENV", "__KEY_ENV", "__WEBHOOK_SECRET_ENV")
"""Ends of variables whose value names the variable of a secret."""


def override(
    tables: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[dict[str, Any], dict[Place, str], list[str]]:
    """Lay the environment over the tables of maild.toml.

    Answers the new tables, which variable each overridden key came from, and problems. `MAILD_SMTP__HOST` is the key
    `host` of `[smtp]`; `MAILD_MAILBOX__0__HOST` that of the first `[[mailbox]]` (the number may be left out for it).
    A value that begins with `[` is a TOML list. Variables that are named by a `password_env` are left alone.
    """
    merged, origins, problems = deepcopy(dict(tables)), dict[Place, str](), list[str]()
    secrets = named_secrets(tables, environ)
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or "__" not in variable or variable in secrets:
            continue
        place = place_of(variable)
        origins[place] = variable
        if not put(merged, place, value_of(environ[variable])):
            problems.append(
                f"environment: {variable} overrides no key of maild.toml; allowed: MAILD_<SECTION>__<KEY>,"
                " and MAILD_MAILBOX__<NUMBER>__<KEY> with numbers from 0, without a gap"
            )
    return merged, origins, problems


def named_secrets(tables: Mapping[str, Any], environ: Mapping[str, str]) -> set[str]:
    """Find the variables that hold secrets: they may look like overrides and are none."""
    named = {text for variable, text in environ.items() if variable.endswith(NAMING)}
    for section in tables.values():
        for table in section if isinstance(section, list) else [section]:
            named.update(_named(table) if isinstance(table, dict) else ())
    return named


def _named(table: Mapping[str, Any]) -> Iterator[str]:
    oauth = table.get("oauth")
    named = (table.get(key) for key in ("password_env", "key_env", "webhook_secret_env"))
    for name in (*named, oauth.get("client_secret_env") if isinstance(oauth, dict) else None):
        if isinstance(name, str):
            yield name


def place_of(variable: str) -> Place:
    """Translate a variable's name to the place of a key."""
    parts = variable.removeprefix(PREFIX).lower().split("__")
    if parts[0] == "mailbox" and len(parts) > 1 and not parts[1].isdecimal():
        parts.insert(1, "0")
    return tuple(int(part) if index == 1 and part.isdecimal() else part for index, part in enumerate(parts))


def value_of(text: str) -> Any:
    """Read a list as TOML; anything else is text, of which numbers and true or false are read where they belong."""
    if not text.startswith("["):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def put(tables: dict[str, Any], place: Place, value: Any) -> bool:
    """Put a value at its place, sections made as needed; whether there can be such a place."""
    match place:
        case (str(section), str(key)) if section and key:
            table = tables.setdefault(section, {})
        case ("mailbox", int(number), str(key)) if key:
            table = item(tables.setdefault("mailbox", []), number)
        case ("smtp", "oauth", str(key)) if key:
            table = tables.setdefault("smtp", {}).setdefault("oauth", {})
        case ("mailbox", int(number), "oauth", str(key)) if key:
            table = (item(tables.setdefault("mailbox", []), number) or {}).setdefault("oauth", {})
        case _:
            return False
    if isinstance(table, dict):
        table[key] = value
    return isinstance(table, dict)


def item(mailboxes: Any, number: int) -> Any:
    """Find a mailbox by its number; the one behind the last is new."""
    if not isinstance(mailboxes, list) or number > len(mailboxes):
        return None
    if number == len(mailboxes):
        mailboxes.append({})
    return mailboxes[number]
