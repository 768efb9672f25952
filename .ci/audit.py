"""Whether a pinned library has a known vulnerability, asked once a day; no network fails nothing.

A vulnerability that is not listed in .ci/accepted.toml, with its reason, fails. Where nobody can be asked, one line says so.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCKS = (ROOT / "constraints.txt", ROOT / ".ci" / "audit.txt")
ACCEPTED = ROOT / ".ci" / "accepted.toml"
STAMP = Path(sys.prefix) / "audited"
SERVICES = ("pypi", "osv")
"""As pip-audit names them: where an index has no advisories, the other one is asked."""

OPTIONS = ("--disable-pip", "--no-deps", "--progress-spinner=off", "--timeout=10", "--format=json")
LONGEST_SECONDS = 180


class NotAskedError(Exception):
    """Nobody could be asked."""


def main(today: date) -> int:
    """Ask, unless that was done today about the same list; tell in one line what is known."""
    accepted = tomllib.loads(ACCEPTED.read_text("utf-8"))
    asked = f"{today} {sha256(b''.join(file.read_bytes() for file in (*LOCKS, ACCEPTED))).hexdigest()}"
    if (told := read_stamp(asked)) is not None:
        sys.stdout.write(told)
        return 0
    try:
        document = ask()
    except NotAskedError as error:
        told = f"vulnerabilities: not known today, nobody could be asked ({error})\n"
    else:
        wrong = [*judge(document, accepted)]
        sys.stderr.writelines(f"{line}\n" for line in wrong)
        if wrong:
            sys.stderr.write("cure: another version, or a line with the reason in .ci/accepted.toml\n")
            return 1
        told = f"vulnerabilities: {summarise(document, accepted)}\n"
    sys.stdout.write(told)
    STAMP.write_text(f"{asked}\n{told}", "utf-8")
    return 0


def read_stamp(asked: str) -> str | None:
    """What was told when the same was asked; None: it was not."""
    known, _, told = STAMP.read_text("utf-8").partition("\n") if STAMP.exists() else ("", "", "")
    return told if known == asked else None


def ask() -> Sequence[Mapping[str, Any]]:
    """Each library of the lists, with what is known of it. Raises NotAskedError."""
    if find_spec("pip_audit") is None:
        raise NotAskedError("the tool of .ci/audit.txt is not installed here: touch .ci/audit.txt, and make check")
    reasons = []
    for service in SERVICES:
        try:
            found = ask_one(service)
        except NotAskedError as error:
            reasons.append(f"{service}: {error}")
            continue
        if any("vulns" in each for each in found):
            return found
        reasons.append(f"{service}: it has no advisories")
    raise NotAskedError("; ".join(reasons))


def ask_one(service: str) -> Sequence[Mapping[str, Any]]:
    """Ask one service. Raises NotAskedError where its answer is none."""
    lists = [f"--requirement={file}" for file in LOCKS]
    command = [sys.executable, "-m", "pip_audit", *lists, f"--vulnerability-service={service}", *OPTIONS]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS)
        found: Sequence[Mapping[str, Any]] = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        raise NotAskedError(f"no answer in {LONGEST_SECONDS} s") from None
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        raise NotAskedError(last.rpartition("Caused by ")[2][:120]) from None
    return found


def judge(found: Sequence[Mapping[str, Any]], accepted: Mapping[str, str]) -> Iterator[str]:
    """Say each known vulnerability that nobody has accepted with a reason."""
    for library in found:
        for each in library.get("vulns", ()):
            names = [each["id"], *each.get("aliases", ())]
            if not any(accepted.get(name, "").strip() for name in names):
                mended = ", ".join(each.get("fix_versions", ())) or "no version"
                yield f"{library['name']} {library['version']} has {' = '.join(names)}; mended in {mended}"


def summarise(found: Sequence[Mapping[str, Any]], accepted: Mapping[str, str]) -> str:
    """Say how many were asked about, which nobody knows, and which acceptance is not needed any more."""
    known = [each for each in found if "vulns" in each]
    unknown = sorted(each["name"] for each in found if "vulns" not in each)
    ids = {name for each in known for one in each["vulns"] for name in (one["id"], *one.get("aliases", ()))}
    told = f"none that is not accepted, in {len(known)} libraries"
    told += f"; nothing is known of {', '.join(unknown)}" if unknown else ""
    idle = sorted(accepted.keys() - ids)
    return told + (f"; not needed any more in .ci/accepted.toml: {', '.join(idle)}" if idle else "")


if __name__ == "__main__":
    sys.exit(main(datetime.now(UTC).date()))
