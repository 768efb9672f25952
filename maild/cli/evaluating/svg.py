"""Drawing with SVG elements as text; colours are classes, so that the page's style sheet rules light, dark and paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 360
"""As wide as a phone shows without scaling; larger screens enlarge it."""


def tag(name: str, *inside: str, **attributes: object) -> str:
    """Write an element; `kind` is its class, underscores in names become hyphens, None is left out."""
    written = "".join(
        f' {"class" if key == "kind" else key.replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>"


def picture(height: float, described: str, parts: Iterable[str]) -> str:
    """Write a whole picture; `described` is read out to those who cannot see it."""
    box = f"0 0 {WIDTH} {_plain(height)}"
    return tag("svg", *parts, viewBox=box, role="img", aria_label=described, preserveAspectRatio="xMidYMid meet")


def words(x: float, y: float, said: str, *, anchor: str = "start", kind: str | None = None, turn: float = 0) -> str:
    """Write text; `anchor`: start, middle or end at x."""
    turned = f"rotate({_plain(turn)} {_plain(x)} {_plain(y)})" if turn else None
    return tag("text", escape(said), x=x, y=y, text_anchor=anchor, kind=kind, transform=turned)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Draw a straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, kind=kind)


def path(points: Sequence[tuple[float, float]], kind: str) -> str:
    """Draw a line through points."""
    return tag("polyline", points=" ".join(f"{_plain(x)},{_plain(y)}" for x, y in points), kind=kind)


def dot(x: float, y: float, kind: str, *, radius: float = 4, told: str = "") -> str:
    """Draw a dot; `told` is shown when it is pointed at."""
    return tag("circle", tag("title", escape(told)) if told else "", cx=x, cy=y, r=radius, kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Axes: numbers to places in a picture."""

    x: tuple[float, float]
    y: tuple[float, float]
    height: float = 240
    left: float = 44
    right: float = 14
    top: float = 12
    bottom: float = 40

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point stands; what is outside of the axes stands on their edge."""
        share = min(1.0, max(0.0, (x - self.x[0]) / (self.x[1] - self.x[0])))
        rise = min(1.0, max(0.0, (y - self.y[0]) / (self.y[1] - self.y[0])))
        across, up = WIDTH - self.left - self.right, self.height - self.top - self.bottom
        return self.left + share * across, self.height - self.bottom - rise * up

    def axes(self, x: Sequence[tuple[float, str]], y: Sequence[tuple[float, str]], named: tuple[str, str]) -> list[str]:
        """Draw grid lines with their numbers, and name both axes."""
        parts = []
        for value, said in y:
            across, up = self.place(self.x[0], value)
            parts += [line(across, up, WIDTH - self.right, up, "grid"), words(across - 6, up + 4, said, anchor="end")]
        for value, said in x:
            across, up = self.place(value, self.y[0])
            parts += [line(across, up, across, up + 4, "grid"), words(across, up + 17, said, anchor="middle")]
        middle = (self.left + WIDTH - self.right) / 2
        parts.append(words(middle, self.height - 5, named[0], anchor="middle", kind="axis"))
        parts.append(
            words(11, (self.height - self.bottom + self.top) / 2, named[1], anchor="middle", kind="axis", turn=-90)
        )
        return parts


def percents(low: float, high: float, step: float) -> list[tuple[float, str]]:
    """Marks of an axis in per cent."""
    number = round((high - low) / step)
    return [(low + place * step, f"{100 * (low + place * step):.0f}") for place in range(number + 1)]


def _plain(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
