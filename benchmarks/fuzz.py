"""A fuzzer that learns from the code's branches (atheris): parsing, quoting, commands, threading.

FOLDER collects mails that reach new branches, and may begin with real ones. What breaks something is written down as
`crash-...`; the suite's own fuzzer is tests/intake/test_fuzz.py.

Takes as long as you let it. Run: pip install atheris; python -m benchmarks.fuzz FOLDER -max_total_time=3600
"""

import sys

try:
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]
except ModuleNotFoundError:
    raise SystemExit(__doc__) from None

with atheris.instrument_imports(include=["maild.mail", "maild.process"]):
    from tests.support.fuzzed import assert_commands, assert_parsed_or_held, assert_quoted


def try_one(source: bytes) -> None:
    """One mail, and its octets as a text."""
    assert_parsed_or_held(source)
    text = source.decode("utf-8", "replace").replace("\r\n", "\n")
    assert_quoted(text)
    assert_commands(text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
