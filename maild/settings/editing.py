"""One key of a TOML text, changed: all else stays as its admin wrote it, comments included. Pure."""

import json
import tomllib
from collections.abc import Sequence
from typing import Any

Value = str | Sequence[str]
LONG = 100
"""Characters from which a text is written on lines of its own."""


def with_key(text: str, table: str, key: str, value: Value, *, place: int = 0) -> str | None:
    """Give the text with the key in that table (`""`: above all tables; of `[[person]]` the one at `place`).

    None where that cannot be done without a change of anything else: the result is read again, and compared.
    """
    lines = text.splitlines(keepends=True)
    begin, end = _range(lines, table, place)
    written = f"{key} = {literal(value)}\n"
    found = next((at for at in range(begin, end) if _key(lines[at]) == key), None)
    if found is not None:
        after = _end(lines, found, key)
        edited = [*lines[:found], f"{written.rstrip()}{_comment(lines[found:after])}\n", *lines[after:]]
    else:
        last = max((at for at in range(begin, end) if _key(lines[at])), default=begin - 1)
        after = _end(lines, last, _key(lines[last])) if last >= begin else begin
        edited = [*lines[:after], written, *lines[after:]]
    new = "".join(edited)
    return new if _is_only_change(text, new, (table, key, place), value) else None


def literal(value: Value) -> str:
    """Write a value as TOML."""
    if not isinstance(value, str):
        return f"[{', '.join(map(_quoted, value))}]"
    if "\n" not in value and len(value) < LONG:
        return _quoted(value)
    lines = [_quoted(line)[1:-1] for line in value.split("\n")]
    bare = '"""' not in value and not value.endswith('"')
    return '"""\n{}"""'.format("\n".join(line.replace('\\"', '"') if bare else line for line in lines))


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _range(lines: Sequence[str], table: str, place: int) -> tuple[int, int]:
    """Where the lines of the table begin and end; nothing where it is not there."""
    heads = [at for at, line in enumerate(lines) if line.lstrip().startswith("[")]
    if not table:
        return 0, next(iter(heads), len(lines))
    names = {at: lines[at].partition("#")[0].strip() for at in heads}
    many = [at for at in heads if names[at] == f"[[{table}]]"]
    own = many or [at for at in heads if names[at] == f"[{table}]"]
    if place >= len(own):
        return len(lines), len(lines)
    return own[place] + 1, next((at for at in heads if at > own[place]), len(lines))


def _key(line: str) -> str:
    name, equals, _ = line.partition("=")
    return name.strip() if equals and not line.lstrip().startswith("#") else ""


def _end(lines: Sequence[str], at: int, key: str) -> int:
    """The line after the last one of the key's value: the first place at which it can be read by itself."""
    for end in range(at + 1, len(lines) + 1):
        try:
            if key in tomllib.loads("".join(lines[at:end])):
                return end
        except tomllib.TOMLDecodeError:
            continue
    return at + 1


def _comment(lines: Sequence[str]) -> str:
    """What stands behind the value of a line; it may be about it."""
    if len(lines) != 1:
        return ""
    for at, sign in enumerate(lines[0]):
        if sign == "#":
            try:
                tomllib.loads(lines[0][:at])
            except tomllib.TOMLDecodeError:
                continue
            bare = lines[0][:at].rstrip()
            return lines[0][len(bare) :].rstrip()
    return ""


def _is_only_change(old: str, new: str, where: tuple[str, str, int], value: Value) -> bool:
    table, key, place = where
    wanted: Any = tomllib.loads(old)
    try:
        found = tomllib.loads(new)
        inner = wanted
        for part in filter(None, table.split(".")):
            inner = inner[part]
        inner = inner[place] if isinstance(inner, list) else inner
        inner[key] = value if isinstance(value, str) else list(value)
    except (tomllib.TOMLDecodeError, KeyError, IndexError, TypeError):
        return False
    return bool(found == wanted)
