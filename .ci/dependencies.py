"""Whether everything that maild needs, and all that this needs in turn, is what constraints.txt says; needs no network.

Run with `--write` it writes that file anew, from what is installed here.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "constraints.txt"
HEAD = """\
# What maild is built and tested with: `.ci/environment` installs exactly this, and `make check` fails where anything else
# is installed. The wheel keeps the ranges of pyproject.toml. Written by: .venv/bin/python .ci/dependencies.py --write
"""


def main(arguments: list[str]) -> int:
    """Compare, or write."""
    needed = dict(find_needed())
    if arguments == ["--write"]:
        lines = (f"{name}=={number}\n" for name, number in sorted(needed.items()))
        LOCK.write_text(HEAD + "".join(lines), "utf-8")
        return 0
    wrong = [*compare(needed, read_lock())]
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    if wrong:
        sys.stderr.write("cure: look at what changed, then .venv/bin/python .ci/dependencies.py --write\n")
    return 1 if wrong else 0


def find_needed() -> Iterator[tuple[str, str]]:
    """Name and installed version of every distribution that pyproject.toml asks for, directly or not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(line) for line in (*project["dependencies"], *project["optional-dependencies"]["dev"])]
    seen: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        name = plain(wanted.name)
        for extra in ("", *wanted.extras):
            if (name, extra) in seen or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
                continue
            seen.add((name, extra))
            try:
                yield name, version(name)
                waiting += [each for each in map(Requirement, requires(name) or ()) if applies(each, extra)]
            except PackageNotFoundError:
                yield name, "not installed"


def applies(wanted: Requirement, extra: str) -> bool:
    """Whether it is needed on this machine; its marker has been asked, and is dropped."""
    is_needed = wanted.marker is None or wanted.marker.evaluate({"extra": extra})
    wanted.marker = None
    return bool(is_needed)


def read_lock() -> dict[str, str]:
    """Name to version."""
    lines = (line.partition("#")[0].strip() for line in LOCK.read_text("utf-8").splitlines())
    pinned = [Requirement(line) for line in lines if line]
    return {
        plain(each.name): str(each.specifier).removeprefix("==")
        for each in pinned
        if each.marker is None or each.marker.evaluate()
    }


def compare(needed: dict[str, str], locked: dict[str, str]) -> Iterator[str]:
    """Say what differs."""
    for name, number in sorted(needed.items()):
        if name not in locked:
            yield f"constraints.txt: {name} {number} is needed, and not in it"
        elif locked[name] != number:
            yield f"constraints.txt: {name} is {locked[name]} there, and {number} here"
    yield from (f"constraints.txt: {name} is in it, and not needed" for name in sorted(locked.keys() - needed.keys()))


def plain(name: str) -> str:
    """A name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
