"""The support process: ticket, transitions, decision, threading, trust, service levels. Values in, values out.

`decision` is what is known of a mail and decided about it, `deciding` the rules that do so, one after the other; `transitions` is the table of what can
happen to a ticket. In packages: `people` and teams, `clocks`, `commands` of a mail, `gathering`, `guarding` of what goes to clients,
who is next of those `waiting`, `mirroring`, `post_mortem`.
"""
