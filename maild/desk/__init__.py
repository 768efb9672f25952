"""The desk: one event, applied (find, decide, advance, compose, store) in one write transaction.

The only writer of tickets. `arriving` is for mails, `falling_due` for deadlines, `mirrored` for what was decided in the tracker, `delivering`
for what became of a mail that the outbox submitted, `remembering` for mails of the past. Their steps are packages, of which each knows
only those after it: `advancing` (tickets and their clocks), `learning` (labels and articles), `telling` (who hears what), `finding` (what is
known). What decides is no step of the desk: it is `maild.process`.
"""
