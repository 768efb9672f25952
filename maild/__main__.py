"""`python -m maild` and the `maild` command."""

import os
import sys


def main() -> int:
    """Run the command line; the exit status is the answer."""
    use_one_thread()
    from maild.cli.frame import main as run_command

    return run_command(sys.argv[1:])


def use_one_thread() -> None:
    """Keep the linear algebra of this process, and of those that it starts, to one thread; effective before NumPy is there.

    Sums in another order are other sums: with more threads the same labels gave another model on another machine. And
    threads that wait for each other on busy cores took ten times as long to train (OpenBLAS and OpenMP read this name).
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")


if __name__ == "__main__":
    sys.exit(main())
