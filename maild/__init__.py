"""maild is a support desk that lives in e-mail.

  IMAP                                                                                          SMTP
   |                                                                                             ^
 doors/imap --source--> store --source--> mail/ --Mail--> classify/ --Verdicts--> process/       |
                                                                                     |           |
                                          doors/smtp <-- outbox <-- replies/ <-- Event and ticket

Three lines of work, each a module that reads like a story: `intake` (a mail arrived), `deadlines`
(time passed), `outbox` (a mail is due). Everything between the doors is values in, values out; `desk` is
the only writer of tickets; only `daemon`, `cli` and `demo` read the clock.

Beside the lines: `mirror` carries tickets to a tracker of issues and back, `history` moves the past in and out (import, labels,
backup, retention, erasure), `replay` plays it against another model or configuration, `knowledge` says what it teaches. `settings`
reads the configuration, `shipped` finds what comes with the package, `demo` is a desk in a sandbox.
"""

__version__ = "0.1.0"
