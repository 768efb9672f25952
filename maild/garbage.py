"""How often the interpreter looks for garbage that reference counts do not free."""

import gc

NEW_OBJECTS = 20_000
"""Between two looks at what is new. Python's 700 are reached several times in a mail, nearly all of whose objects are free by
themselves when it is done: the looks were a twentieth of what the daemon does (benchmarks/speed.md)."""

YOUNG_LOOKS, MIDDLE_LOOKS = 20, 20
"""Looks at what is new before one at what survived it, and looks at that before one at everything."""


def collect_rarely() -> None:
    """Leave alone what stands now, which is here to stay, and look seldom at what comes: for a process that runs on and on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_LOOKS, MIDDLE_LOOKS)
