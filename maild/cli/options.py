"""Options that several commands have, with the same words for each."""

import argparse


def add_json(parser: argparse.ArgumentParser, *, is_action: bool = False, prints: str = "one JSON document") -> None:
    """`--json`, for machines. `is_action`: the command above has it too, and what was said there counts."""
    default = argparse.SUPPRESS if is_action else False
    parser.add_argument("--json", action="store_true", default=default, help=f"print {prints}")
