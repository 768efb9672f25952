"""Everything that parsing needs, loaded once in the fork server, so that its children share the memory."""

import gc

import flufl.bounce  # noqa: F401 - imported for its memory, like the next ones
import inscriptis
import nh3  # noqa: F401
import pebble  # noqa: F401
import selectolax.lexbor  # noqa: F401
import tnefparse  # noqa: F401

import maild.mail.reading  # noqa: F401
from maild.mail import language

language.load()
inscriptis.get_text("<p>warm</p>")

# What stands here is shared as long as nobody writes to it; the collector of each child would.
gc.collect()
gc.freeze()
