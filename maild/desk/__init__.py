"""The desk: one event, applied (find, decide, advance, compose, store) in one write transaction.

The only writer of tickets. `arriving` is for mails, `falling_due` for deadlines, `delivering` for what became of a
mail that the outbox submitted.
"""
