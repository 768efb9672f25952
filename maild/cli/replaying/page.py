"""A replay as one HTML file with pictures, which needs no network."""

from collections import Counter
from html import escape
from importlib.resources import files
from pathlib import Path

from maild.cli.evaluating.svg import WIDTH, picture, tag, words
from maild.cli.reporting.drawing import draw
from maild.errors import Refused
from maild.knowledge.analysis.figure import Chart, Shape
from maild.replay.comparing import Change, Comparison
from maild.replay.decided import ASPECTS

ROW, LEFT, RIGHT = 26, 104, 62
MOST_WAYS, MOST_LISTED, MOST_DAYS = 12, 500, 60


def write_page(file: Path, comparison: Comparison, past: str) -> None:
    """Write it. Raises Refused where the file cannot be written."""
    try:
        file.write_text(page(comparison, past), encoding="utf-8")
    except OSError as error:
        raise Refused(f"The page {file} cannot be written: {error.strerror or error}.") from error


def page(comparison: Comparison, past: str) -> str:
    """Write the whole document; every word that does not come from here is escaped."""
    style = "".join(
        files(f"maild.cli.{package}").joinpath(name).read_text("utf-8")
        for package, name in (("evaluating", "page.css"), ("reporting", "report.css"))
    )
    differing = len(comparison.differing)
    said = f"{differing:,} of {len(comparison.mails):,} mails would differ ({comparison.share:.1%})"
    not_played = f"; {comparison.not_played:,} could not be played" if comparison.not_played else ""
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Replay</title><style>{style}</style></head><body><main>",
            f"<header><h1>What would differ</h1><p>{escape(past)}: {said}{not_played}</p></header>",
            '<section><div class="pictures">',
            _figure("What would differ", draw_aspects(comparison), "Of each hundred mails that it is about, so many."),
            _figure("When", draw(_days(comparison)), "Mails by the day on which they came."),
            "</div></section>",
            *(_ways(change) for change in comparison.changes if change.ways),
            _listed(comparison),
            "</main></body></html>\n",
        )
    )


def draw_aspects(comparison: Comparison) -> str:
    """A bar an aspect: how many of those that it is about would differ."""
    room = WIDTH - LEFT - RIGHT
    parts = []
    for place, change in enumerate(comparison.changes):
        top = place * ROW + 6
        share = change.differ / change.n if change.n else 0.0
        told = tag("title", escape(f"{ASPECTS[change.aspect]}: {change.differ:,} of {change.n:,}"))
        parts.append(words(LEFT - 8, top + 13, change.aspect, anchor="end"))
        parts.append(tag("rect", x=LEFT, y=top, width=float(room), height=ROW - 8, kind="grid", fill="none"))
        parts.append(tag("rect", told, x=LEFT, y=top, width=room * share, height=ROW - 8, kind="bar two"))
        parts.append(words(LEFT + room + 6, top + 13, f"{change.differ:,}/{change.n:,}"))
    return picture(len(comparison.changes) * ROW + 10, "Share of mails that would differ, by aspect", parts)


def _days(comparison: Comparison) -> Chart:
    days: Counter[str] = Counter()
    differ: Counter[str] = Counter()
    for number, about in comparison.mails.items():
        day = f"{about.at:%Y-%m-%d}"
        days[day] += 1
        differ[day] += number in comparison.differing
    across = tuple(sorted(days))[-MOST_DAYS:]
    same = tuple(float(days[day] - differ[day]) for day in across)
    return Chart(
        name="days",
        title="When",
        means="mails by day",
        shape=Shape.BARS,
        across=across or ("",),
        series={"same": same or (0.0,), "would differ": tuple(float(differ[day]) for day in across) or (0.0,)},
        axis="day",
    )


def _figure(title: str, drawn: str, means: str) -> str:
    return f"<figure><h3>{escape(title)}</h3>{drawn}<figcaption>{escape(means)}</figcaption></figure>"


def _ways(change: Change) -> str:
    rows = "".join(
        f'<tr><td class="words">{escape(now)}</td><td class="words">{escape(then)}</td><td>{times:,}</td></tr>'
        for now, then, times in change.ways[:MOST_WAYS]
    )
    return (
        f"<section><h2>{escape(ASPECTS[change.aspect])}</h2><p>{change.differ:,} of {change.n:,}</p>"
        f'<div class="scroll"><table><thead><tr><th class="words">now</th><th class="words">then</th><th>mails</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div></section>"
    )


def _listed(comparison: Comparison) -> str:
    rows = []
    for each in comparison.differences[:MOST_LISTED]:
        about = comparison.mails[each.mail]
        cells = (about.place, f"{about.at:%Y-%m-%d %H:%M}", about.subject[:100], each.aspect)
        rows.append(
            "".join(f'<td class="words">{escape(text)}</td>' for text in (*cells, each.now[:200], each.then[:200]))
        )
    heads = "".join(
        f'<th class="words">{name}</th>' for name in ("mail", "came (UTC)", "subject", "what", "now", "then")
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    more = len(comparison.differences) - MOST_LISTED
    left_out = f'<p class="faint">... and {more:,} more (--json)</p>' if more > 0 else ""
    table = f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{left_out}'
    return f"<section><h2>Mail by mail</h2>{table if rows else '<p>Nothing would differ.</p>'}</section>"
