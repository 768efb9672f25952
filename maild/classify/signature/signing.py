"""Where a person's words end and their signature begins: it is cut before a reply is read, line by line."""

import re
from collections.abc import Sequence

from maild.classify.folding import fold
from maild.classify.signature.farewell import is_farewell, is_thanks, leave_taken
from maild.classify.signature.signature_line import Looks, is_notice, looks
from maild.classify.signature.signature_words import SignatureWords, tokens_of
from maild.classify.signature.signed_name import is_first_name
from maild.mail.signatures import is_device

_MOST_LINES = 40
"""Of a signature, notices included; a farewell further up is read with the rest, so that no mail takes long."""

_OWN = frozenset(
    ["i", "i'm", "i've", "my", "me", "ich", "mein", "meine", "meinen", "meiner", "mir", "mich", "je", "j'ai"]
)
_OWN_TOO = frozenset(["mon", "ma", "mes", "moi", "yo", "mi", "mis", "ps", "p.s", "pd", "please", "bitte"])


def unsigned(text: str, words: SignatureWords, known: frozenset[str]) -> str:
    """The text without its signature; a line there that is more than that stays. `known`: the author's name, folded."""
    lines = text.split("\n")
    if all(is_device(line) for line in lines if line.strip()):
        return ""
    end = _without_farewell(lines, words, known)
    begin = max(0, end - _MOST_LINES)
    kept = [*lines[:begin], *_unsigned(lines[begin:end], words, known)]
    return "\n".join(kept).strip() or text


def said_below(signature: str, words: SignatureWords, known: frozenset[str]) -> str | None:
    """The first line below the mark of a signature (RFC 3676 4.3) that says something; None: it is a signature."""
    for line in _strange(signature.split("\n"), words, known)[0]:
        tokens = set(tokens_of(line))
        if "?" in line or tokens & (_OWN | _OWN_TOO | words.trouble | words.understood - words.slogans):
            return line.strip()
    return None


def names_of(*written: str | None) -> frozenset[str]:
    """The folded words of an author's name and address, without the last part of a domain."""
    words = (word for each in written if each for word in re.split(r"[\s@.,()\"_-]+", fold(each)))
    return frozenset(word for word in words if len(word) > 1)


def _unsigned(lines: Sequence[str], words: SignatureWords, known: frozenset[str]) -> list[str]:
    for place, line in enumerate(lines):
        farewell = leave_taken(line, words, known)
        if farewell is None:
            continue
        below = _strange(lines[place + 1 :], words, known)[0]
        if farewell != line or len(below) < len(lines) - place - 1:
            said = [] if is_farewell(farewell, words) and not is_thanks(farewell) else [farewell]
            return [*lines[:place], *said, *(["", *_unsigned(below, words, known)] if any(below) else [])]
    return list(lines)


def _without_farewell(lines: Sequence[str], words: SignatureWords, known: frozenset[str]) -> int:
    """Where a signature begins that is a first name in the last line, or stands in a paragraph of its own and is nothing else."""
    last = max((place for place, line in enumerate(lines) if line.strip()), default=0)
    for place in range(max(1, len(lines) - _MOST_LINES), len(lines)):
        if not lines[place].strip():
            continue
        if place == last and is_first_name(lines[place].split(), words):
            return place
        if not lines[place - 1].strip() and _is_signature(lines[place:], words, known):
            return place
    return len(lines)


def _is_signature(lines: Sequence[str], words: SignatureWords, known: frozenset[str]) -> bool:
    strange, is_sure = _strange(lines, words, known)
    is_known = set(tokens_of(" ".join(lines))) <= known
    return not any(line.strip() for line in strange) and (is_sure or is_known)


def _strange(lines: Sequence[str], words: SignatureWords, known: frozenset[str]) -> tuple[list[str], bool]:
    """The lines below a farewell that are of no signature, and whether any is surely of one."""
    seen = [looks(line, words, known) if line.strip() and not is_device(line) else Looks.SURE for line in lines]
    rows = [(line, look) for line, look in zip(lines, seen, strict=True)]
    strange: list[str] = []
    run: list[str] = []
    is_first, is_sure = True, any(look is Looks.SURE and line.strip() for line, look in rows)
    for line, look in rows:
        is_named = look is Looks.NAMES and (is_first or is_sure)
        is_first = is_first and not line.strip()
        if look is Looks.STRANGE or (look is Looks.NAMES and not is_named):
            run.append(line)
            continue
        strange, run, is_sure = _ended(strange, run, is_sure, words)
        if not line.strip() and strange:
            strange.append("")
    strange, run, is_sure = _ended(strange, run, is_sure, words)
    return strange, is_sure


def _ended(
    strange: list[str], run: list[str], is_sure: bool, words: SignatureWords
) -> tuple[list[str], list[str], bool]:
    """With lines that follow one another, unless they are a notice together."""
    if not run:
        return strange, run, is_sure
    if is_notice(" ".join(run), words):
        return strange, [], True
    return [*strange, *run], [], is_sure
