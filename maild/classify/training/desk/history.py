"""A desk's labelled history made ready: what can be learnt from it, and what is left out and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from maild.classify.training.desk.alike import group_alike
from maild.classify.training.desk.window import BEGINNING, CHARACTERS, NEWEST, keep_window
from maild.classify.training.example import Example
from maild.errors import Refused

LEAST_TEXTS = 30
"""Different texts below which nothing is learnt: too few to hold any out."""

LEAST_OF_LABEL = 5
"""Independent texts that a label needs to be given; with fewer it is learnt as background and stays silent."""

LEAST_OF_LANGUAGE = 50
"""Texts in one language below which the model keeps abstaining in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a model learns from."""

    question: str
    examples: Sequence[Example]
    """In the order of time, each text once, with groups that join threads and near-duplicates."""

    rows: dict[str, int]
    """Label to its number of texts."""

    silent: tuple[str, ...]
    """Labels with too few independent texts."""

    languages: tuple[str, ...]
    left_out: dict[str, int]
    """Why, in words, to the number of texts."""

    def newest(self, most: int) -> "History":
        """The newest texts alone."""
        return replace(self, examples=self.examples[-most:])


def prepare(examples: Iterable[Example], question: str, *, allowed: Collection[str] | None = None) -> History:
    """Make a history ready; `allowed`: the labels that the desk has today (None: any).

    Raises Refused, saying precisely what is missing, where nothing can be learnt.
    """
    left_out: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    known = (example for example in examples if _is_known(example, question, allowed, seen, left_out))
    window, older = keep_window(known, question)
    if older:
        left_out[f"older than the newest {NEWEST:,} or {CHARACTERS:,} characters, and of labels with enough texts"] = (
            older
        )
    different = _each_once(window, left_out)
    spoken = _in_languages(different, left_out)
    _refuse_too_little(question, seen.total(), spoken, left_out)
    grouped = group_alike(spoken)
    rows = Counter(example.labels[question] for example in grouped)
    independent = Counter(label for label, _ in {(example.labels[question], example.group) for example in grouped})
    silent = tuple(sorted(label for label in rows if independent[label] < LEAST_OF_LABEL))
    if len(rows) - len(silent) < 2:  # noqa: PLR2004 - one label is no question
        raise Refused(_one_label(question, independent))
    languages = tuple(sorted({example.language for example in grouped} - {""}))
    return History(
        question=question, examples=grouped, rows=dict(sorted(rows.items())), silent=silent, languages=languages,
        left_out=dict(left_out),
    )  # fmt: skip


def _is_known(
    example: Example, question: str, allowed: Collection[str] | None, seen: Counter[str], left_out: Counter[str]
) -> bool:
    label = example.labels.get(question)
    if label is None:
        return False
    seen[label] += 1
    if not example.text.strip():
        left_out["no text"] += 1
        return False
    if allowed is not None and label not in allowed:
        left_out[f"{label} is no {question} of this desk today"] += 1
        return False
    return True


def _each_once(examples: Sequence[Example], left_out: Counter[str]) -> list[Example]:
    """The newest of equal texts; in the order of time, and of the texts where times are equal."""
    ordered = sorted(examples, key=lambda example: (example.at or BEGINNING, example.text))
    newest: dict[str, Example] = {}
    for example in reversed(ordered):
        newest.setdefault(example.text, example)
    if len(newest) < len(ordered):
        left_out["the same text again"] += len(ordered) - len(newest)
    return list(reversed(newest.values()))


def _in_languages(examples: Sequence[Example], left_out: Counter[str]) -> list[Example]:
    """Those in languages with enough texts, or in an unknown one."""
    sizes = Counter(example.language for example in examples)
    # English is what the shipped models have read; other languages start from nothing.
    few = {name: size for name, size in sizes.items() if name not in ("", "en") and size < LEAST_OF_LANGUAGE}
    for name, size in sorted(few.items()):
        left_out[f"language {name}: {size} texts, {LEAST_OF_LANGUAGE} needed"] += size
    return [example for example in examples if example.language not in few]


def _refuse_too_little(question: str, labelled: int, usable: Sequence[Example], left_out: Counter[str]) -> None:
    if len(usable) >= LEAST_TEXTS:
        return
    reasons = "; ".join(f"{why} ({number})" for why, number in left_out.items())
    raise Refused(
        f"{question}: {labelled} labelled texts, of which {len(usable)} can be learnt from"
        f"{f' (left out: {reasons})' if reasons else ''}. {LEAST_TEXTS} different ones are needed. "
        "No model was made; the one in service stays. Label more, or import labelled tickets with `maild labels import`."
    )


def _one_label(question: str, independent: Counter[str]) -> str:
    counted = ", ".join(f"{label} ({number})" for label, number in sorted(independent.items()))
    return (
        f"{question}: at least two labels with {LEAST_OF_LABEL} independent texts each are needed, and there are {counted}; "
        "near-duplicates and mails of one thread count once. No model was made; the one in service stays. "
        "Label texts of other kinds too."
    )
