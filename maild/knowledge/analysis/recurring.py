"""Recurring issues: tickets that say the same, with a name in the clients' words and what they cost. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from maild.knowledge.analysis.course import Course, Fate, of_the_desk
from maild.knowledge.analysis.figure import NO_CATEGORY, Grid, Row, Section, Unit, listed
from maild.knowledge.analysis.history import History, Issue
from maild.knowledge.likeness import Rarity, Vector, count_terms, likeness, shared_words, weigh_by

ALIKE = 0.35
"""Cosine from which two issues are one; a near-duplicate has 0.8, two tickets of one category about 0.1."""

LEAST = 3
MOST = 12
TELLING = 8
"""Weightiest terms of a text by which the groups are looked up that it may belong to."""

SHARED, NEAREST = 2, 25
"""Of these a group must share so many to be compared, and so many groups are: those that share most."""

WORDS, EXAMPLES, CHARACTERS = 4, 2, 70


@dataclass(slots=True)
class _Group:
    """Tickets around the first of them."""

    first: Vector
    vectors: list[Vector] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """One issue that came again and again."""

    name: str
    """The subject that most of them have."""

    words: tuple[str, ...]
    """That at least half of the texts share."""

    examples: tuple[str, ...]
    """Subjects."""

    numbers: tuple[int, ...]
    solved: tuple[int, ...]
    hours: float
    """In which the desk or engineering had the next step, summed up."""

    category: str


def find_recurring(issues: Sequence[Issue], courses: Mapping[int, Course]) -> list[Recurring]:
    """Group them, dearest first. One pass in order of arrival: each joins the likest group or begins one (leader clustering)."""
    groups: list[_Group] = []
    by_term: dict[str, list[int]] = defaultdict(list)
    counted = [count_terms(issue.subject, issue.text) for issue in issues]
    rarity = Rarity()
    for counts in counted:
        rarity.see(counts)
    for issue, counts in zip(issues, counted, strict=True):
        vector = weigh_by(counts, rarity)
        telling = list(vector)[:TELLING]
        sharing = Counter(place for term in telling for place in by_term[term])
        near = [place for place, terms in sharing.most_common(NEAREST) if terms >= SHARED]
        scored = [(likeness(vector, groups[place].first), -place) for place in near]
        best, place = max(scored, default=(0.0, 0))
        if best < ALIKE:
            groups.append(_Group(first=vector))
            place = 1 - len(groups)
            for term in telling:
                by_term[term].append(-place)
        groups[-place].vectors.append(vector)
        groups[-place].issues.append(issue)
    told = [_tell(group, courses) for group in groups if len(group.issues) >= LEAST]
    return sorted(told, key=lambda each: (-each.hours, each.numbers))


def _tell(group: _Group, courses: Mapping[int, Course]) -> Recurring:
    numbers = tuple(issue.number for issue in group.issues)
    categories = [courses[number].facts.category for number in numbers]
    subjects = Counter(issue.subject.strip()[:CHARACTERS] for issue in group.issues)
    examples = tuple(subject for subject, _ in subjects.most_common(1 + EXAMPLES) if subject) or ("(no subject)",)
    return Recurring(
        name=examples[0],
        words=shared_words(group.vectors, most=WORDS),
        examples=examples[1:],
        numbers=numbers,
        solved=tuple(number for number in numbers if courses[number].fate is Fate.SOLVED),
        hours=sum(courses[number].hours_with_us for number in numbers),
        category=max(sorted(set(categories)), key=categories.count),
    )


def issues_of(history: History) -> tuple[list[Issue], dict[int, Course]]:
    """Give what is grouped: real issues of the period."""
    opened = [each for each in of_the_desk(history.courses) if history.period.has(each.facts.opened_at)]
    courses = {course.facts.number: course for course in opened}
    return [issue for issue in history.issues if issue.number in courses], courses


def tell_recurring(found: Sequence[Recurring], looked_at: int) -> Section:
    """The dearest ones."""
    rows = tuple(
        Row(
            cells=(
                each.name,
                each.category or NO_CATEGORY,
                len(each.numbers),
                each.hours,
                ", ".join(each.words),
                " / ".join(each.examples),
            ),
            n=len(each.numbers),
            tickets=listed(each.numbers),
        )
        for each in found[:MOST]
    )
    columns = (
        ("issue", Unit.WORDS),
        ("category", Unit.WORDS),
        ("tickets", Unit.COUNT),
        ("time with us", Unit.HOURS),
        ("words in common", Unit.WORDS),
        ("also called", Unit.WORDS),
    )
    return Section(
        name="recurring",
        title="Recurring issues",
        grids=(
            Grid(
                name="recurring",
                title="What keeps coming, dearest first",
                means="Time with us: how long the desk or engineering had the next step, summed up; not the time that somebody worked.",
                columns=columns,
                rows=rows,
            ),
        ),
        notes=(f"{len(found)} groups of at least {LEAST} similar tickets among the newest {looked_at} of the period.",),
    )
