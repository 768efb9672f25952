"""maild is a support desk that lives in e-mail.

  IMAP                                                                                          SMTP
   |                                                                                             ^
 doors/imap --source--> store --source--> mail/ --Mail--> classify/ --Verdicts--> process/       |
                                                                                     |           |
                                          doors/smtp <-- outbox <-- replies/ <-- Event and ticket

Three lines of work, each a module that reads like a story: `intake` (a mail arrived), `deadlines`
(time passed), `outbox` (a mail is due). Everything between the doors is values in, values out; `desk` is
the only writer of tickets; only `daemon` and `cli` read the clock. Where people work in a tracker of issues, `mirror`
carries tickets there and back.
"""

__version__ = "0.1.0"
