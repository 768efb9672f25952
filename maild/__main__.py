"""`python -m maild` and the `maild` command."""

import os
import sys
from pathlib import Path


def main() -> int:
    """Run the command line; the exit status is the answer."""
    use_one_thread()
    use_common_sums()
    from maild.cli.frame import main as run_command

    return run_command(sys.argv[1:])


def use_one_thread() -> None:
    """Keep the linear algebra of this process, and of those that it starts, to one thread; effective before NumPy is there.

    Sums in another order are other sums: with more threads the same labels gave another model on another machine. And
    threads that wait for each other on busy cores took ten times as long to train (OpenBLAS and OpenMP read this name).
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def use_common_sums(processor: Path = Path("/proc/cpuinfo")) -> None:
    """Let OpenBLAS add up as on a processor with AVX2 wherever there is AVX2; effective before NumPy is there.

    Newer processors add in another order, and the same texts gave a model of category in which .15 % of the weights were
    others. Elsewhere it chooses by itself.
    """
    try:
        with processor.open(encoding="utf-8") as lines:
            flags = next((line for line in lines if line.startswith("flags")), "").split()
    except (OSError, ValueError):
        return
    if {"avx2", "fma"} <= set(flags):
        os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")


if __name__ == "__main__":
    sys.exit(main())
