"""`maild demo`: show maild at work in a sandbox, without any configuration."""

import argparse

WIDTH = 100
"""Longer lines are hard to read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare whether the sandbox stays."""
    parser.add_argument(
        "--keep",
        action="store_true",
        help="stay up until Ctrl-C, and say how to connect a mail client to the sandbox",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the demo to its end."""
    from rich.console import Console

    from maild.demo.running import run_demo

    run_demo(Console(highlight=False, width=min(Console().width, WIDTH)), keep=arguments.keep)
    return 0
