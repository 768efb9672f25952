"""Which charset 8-bit text is in that names none: only where its letters leave no doubt."""

# ruff: noqa: RUF001 - letters of other alphabets are what this is about

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

OCTETS = 1_500
"""Read of a text."""

_RUN = re.compile(rb"[\x80-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_FOREIGN = 0.5
"""Share of the octets beyond ASCII that stand three or more together: words of a Latin alphabet have hardly any so."""

_ODD_END = 3
"""Octets of a letter that may be cut off at the end."""

_LEAST_LETTERS, _LEAST_KINDS = 8, 5
_NEARLY_ALL = 0.85
"""Of the characters beyond ASCII, those of the script."""

_LIKELY = -3.55
"""Mean logarithm of how frequent its letters are, from which a text is in such a language; letters drawn by lot have -3.9."""

_LEAD = 3.0
"""By how much the likelier one of two readings must be ahead, in natural logarithms."""

_CYRILLIC = ("koi8_u", "cp1251", "iso8859_5", "cp866")
_PER_MILLE = (
    "о109 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з17 б16 і15 ч14 й12 х10 ж9 ш7 ю6 ц5 ъ5 щ4 "
    "ї4 є4 э3 ф3 ё2 ґ1"
)
"""Letters of Russian, some of Ukrainian and Bulgarian among them."""

_FREQUENCY = {entry[0]: math.log(int(entry[1:]) / 1_000) for entry in _PER_MILLE.split()}
_RARE, _STRANGE = math.log(0.000_3), -9.0
_BESIDE = frozenset("«»„“”–—…№\u00a0")
_WORD = re.compile(r"[\u0400-\u04ff]+")
_ROW = re.compile(r"([\u0400-\u04ff])\1\1+")
"""What is read as one letter time and again: spaces that do not break, with which Western programs indent."""

_MOST_OF_ONE = 0.4
"""Share of the letters that are the most frequent one, at the most; it is a ninth in Russian."""

_CASES = {"lower": 0.0, "title": -1.5, "upper": -2.0, "odd": -6.0}
"""What a word costs by the case of its letters; two of these charsets differ in that above all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """A script of many letters: which are its own, and which of them any text has."""

    own: re.Pattern[str]
    common: frozenset[str]
    share: float
    """Of the characters beyond ASCII, those in `common` at the least."""


_WIDE = "\u3000-\u303f\uff00-\uffef"
_JAPANESE = _Script(
    own=re.compile(f"[\u3041-\u30fe\u4e00-\u9fff{_WIDE}]"),
    common=frozenset(map(chr, (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), 0x30FC))),
    share=0.3,
)
_CHINESE = _Script(
    own=re.compile(f"[\u4e00-\u9fff\u2014\u2018-\u201d\u2026{_WIDE}]"),
    common=frozenset(
        "的一是不了在人有我他这中大来上个到说们为子和你出时得要下以生会自后能没发成事只用开行方前所同已动现分无法将外但回问请好谢您电话"
        "邮件密码打印机网络连接错误服务器登录系统更新重启脑显示收无今天早屏幕软安装户帐号修复急求助"
        "這個來時會後發開現無問請謝電話郵碼機網連線錯誤務錄統啟腦顯裝戶帳號復們為說對"
    ),
    share=0.3,
)
_KOREAN = _Script(
    own=re.compile("[\uac00-\ud7a3]"),
    common=frozenset(
        "이다니는을에가하고의를은로지도기서한사자시있습안해어아요나인대으것수그리않되할메일감합세녕연결오류부"
    ),
    share=0.3,
)
_SCRIPTS: Mapping[str, _Script] = {
    "cp932": _JAPANESE,
    "euc_jp": _JAPANESE,
    "gb18030": _CHINESE,
    "big5hkscs": _CHINESE,
    "cp949": _KOREAN,
}
_LEAST_SIGNS = 4


def guess_charset(octets: bytes) -> str | None:
    """The codec of a text that is no UTF-8; None where it is short, or may be in another one just as well."""
    first = _HIGH.search(octets)
    if first is None:
        return None
    sample = octets[octets.rfind(b"\n", 0, first.start()) + 1 :][:OCTETS]
    high = len(_HIGH.findall(sample))
    if high < _LEAST_LETTERS or sum(map(len, _RUN.findall(sample))) < _FOREIGN * high:
        return None
    readings = {codec: text for codec in (*_CYRILLIC, *_SCRIPTS) if (text := _read(sample, codec)) is not None}
    found = [*_cyrillic(readings), *_of_many_letters(readings)]
    return found[0] if len({readings[codec] for codec in found}) == 1 else None


def _read(sample: bytes, codec: str) -> str | None:
    """The text; None where it is not in it. Its last letter may be cut in two."""
    for end in range(len(sample), len(sample) - (_ODD_END if len(sample) == OCTETS else 0) - 1, -1):
        try:
            return sample[:end].decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _cyrillic(readings: Mapping[str, str]) -> Iterator[str]:
    """The likeliest one, if it is likely at all and ahead of the others."""
    judged = sorted(((_weigh(readings[codec]), codec) for codec in _CYRILLIC if codec in readings), reverse=True)
    likely = [(weight, codec) for weight, codec in judged if _is_likely(readings[codec])]
    if not likely:
        return
    best, codec = likely[0]
    if all(best - weight >= _LEAD or readings[other] == readings[codec] for weight, other in judged[1:]):
        yield codec


def _weigh(text: str) -> float:
    """The logarithm of how likely the text is, letter by letter and word by word."""
    return _frequencies(Counter(text)) + sum(_CASES[_case(word)] for word in _WORD.findall(text))


def _is_likely(text: str) -> bool:
    letters = Counter("".join(_WORD.findall(_ROW.sub(" ", text))).lower())
    beyond = sum(count for letter, count in Counter(text).items() if letter > "\x7f")
    if letters.total() < max(_LEAST_LETTERS, _NEARLY_ALL * beyond) or len(letters) < _LEAST_KINDS:
        return False
    if max(letters.values()) > _MOST_OF_ONE * letters.total():
        return False
    return _frequencies(letters) >= _LIKELY * letters.total()


def _frequencies(letters: Mapping[str, int]) -> float:
    return sum(_frequency(letter) * count for letter, count in letters.items() if letter > "\x7f")


@lru_cache(maxsize=10_000)
def _frequency(letter: str) -> float:
    if letter in _BESIDE:
        return -3.0
    is_letter = _WORD.fullmatch(letter) is not None
    return _FREQUENCY.get(letter.lower(), _RARE if is_letter else _STRANGE)


def _case(word: str) -> str:
    if word.islower():
        return "lower"
    if word.isupper():
        return "upper" if len(word) > 1 else "title"
    return "title" if word[1:].islower() else "odd"


def _of_many_letters(readings: Mapping[str, str]) -> Iterator[str]:
    """Those of which nearly all is theirs, and much of that in any text of theirs."""
    for codec, script in _SCRIPTS.items():
        letters = {letter: count for letter, count in Counter(readings.get(codec, "")).items() if letter > "\x7f"}
        own = sum(count for letter, count in letters.items() if script.own.match(letter))
        common = sum(count for letter, count in letters.items() if letter in script.common)
        if len(letters) < _LEAST_SIGNS:
            continue
        if own >= max(_LEAST_SIGNS, _NEARLY_ALL * sum(letters.values())) and common >= script.share * own:
            yield codec
