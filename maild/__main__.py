"""`python -m maild` and the `maild` command."""

import sys


def main() -> int:
    """Run the command line; the exit status is the answer."""
    from maild.cli.frame import main as run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
