"""Events: what can happen to a ticket."""

from enum import StrEnum


class Event(StrEnum):
    """What happened to a ticket, in the past tense."""

    OPENED = "opened"
    """A technical mail became a ticket."""

    LEFT_UNDECIDED = "left_undecided"
    """A mail became a ticket, and the model did not dare to say what it is about."""

    HANDED_OFF = "handed_off"
    HAND_OFF_CONFIRMED = "hand_off_confirmed"
    """The other team has answered: custody is theirs."""

    HAND_OFF_RETURNED = "hand_off_returned"
    """The other team says that it is not theirs: a TSM must decide."""

    HAND_OFF_UNDONE = "hand_off_undone"
    """Somebody says that it is technical after all: the desk takes it back."""

    HAND_OFF_UNCLAIMED = "hand_off_unclaimed"
    """The other team has not confirmed the hand-off in time: the ticket is the desk's again."""

    CLIENT_REPLIED = "client_replied"
    TSM_ANSWERED = "tsm_answered"
    """A TSM wrote to the client, by way of the desk."""

    ANSWERED_DIRECTLY = "answered_directly"
    """Somebody of the desk has written to the client themselves, with the desk in copy."""

    STAFF_WROTE = "staff_wrote"
    """Somebody of the desk or of another team wrote about the ticket; their words are kept, and not relayed."""

    ASSIGNED = "assigned"
    """The ticket has an assignee, or another one."""

    NOBODY_FREE = "nobody_free"
    """No TSM could take the ticket: it is the lead's to give."""

    TRIAGED = "triaged"
    """A person decided that the ticket is technical."""

    CATEGORIZED = "categorized"
    """A person said the category."""

    PRIORITIZED = "prioritized"
    """A person said urgency or impact."""

    MARKED_SPAM = "marked_spam"
    NOTED = "noted"
    """Internal words of a TSM."""

    ASKED = "asked"
    """A TSM asked the client something: clocks pause until the answer."""

    PROGRESS_REPORTED = "progress_reported"
    ESTIMATED = "estimated"
    """A TSM named a time for the client."""

    ESCALATED = "escalated"
    """Engineering is consulted."""

    ESCALATION_RAISED = "escalation_raised"
    """Time passed: engineering, or the next level, is asked."""

    DEESCALATED = "deescalated"
    ENGINEERING_ANSWERED = "engineering_answered"
    CONSULTED = "consulted"
    """Whoever is responsible wrote to engineering, in the internal thread."""

    CLIENT_IN_COPY = "client_in_copy"
    """Somebody wrote in the internal thread with the client in To or Cc: their mail client may have sent it there."""

    RESOLVED = "resolved"
    """A TSM says what was done; the client is asked to verify."""

    CLIENT_CONFIRMED = "client_confirmed"
    """The client says that it works."""

    CLIENT_DENIED = "client_denied"
    """The client says that it does not work, or not all of it."""

    CLIENT_THANKED = "client_thanked"
    """The client is content and asks for nothing: that reopens nothing, and is not answered."""

    CLOSURE_UNCLEAR = "closure_unclear"
    """The client wrote about what we say is solved, and nobody can be sure what they mean: a TSM decides."""

    CLOSURE_HEARD = "closure_heard"
    """Somebody wrote whether it works whose word does not decide: another participant, or one without proof."""

    CLOSED_BY_SILENCE = "closed_by_silence"
    """The client was asked and reminded, and said nothing."""

    CLOSED_WRONGLY = "closed_wrongly"
    """It came back within the reopen window, with the same problem."""

    CLOSED_RIGHTLY = "closed_rightly"
    """What counted as a wrong closing was none: the client meant something else, a person says."""

    BRANCHED_OFF = "branched_off"
    """Somebody who takes part wrote about something else: their mail is a ticket of its own, linked to this one."""

    CLOSED = "closed"
    """Closed by a person without asking the client."""

    REOPENED = "reopened"
    MERGED = "merged"
    """The ticket goes on in another one."""

    TOOK_IN = "took_in"
    """Another ticket was merged into this one."""

    SPLIT_OFF = "split_off"
    """The client's last mail became a ticket of its own."""

    LINKED = "linked"
    CLIENT_CHANGED = "client_changed"
    PARTICIPANT_ADDED = "participant_added"
    PARTICIPANT_REMOVED = "participant_removed"
    UNDONE = "undone"
    """The last command was taken back."""

    COMMAND_REFUSED = "command_refused"
    """A mail with commands did nothing at all; its author got the reasons."""

    CONFIRMATION_ASKED = "confirmation_asked"
    """Nothing vouches for the author of a TSM's mail: it waits for one tap of theirs."""

    AUTOMATIC_REPLY_CAME = "automatic_reply_came"
    BOUNCE_CAME = "bounce_came"
    """A delivery report about a mail of this ticket, or the submission server's refusal."""

    DELIVERY_UNCERTAIN = "delivery_uncertain"
    IMPORTED = "imported"
    """A ticket of the past, or a mail of it, was moved in; nobody is told."""

    STRANGER_LINKED = "stranger_linked"
    """Somebody who does not belong to this ticket wrote about it; their mail is a ticket of its own."""

    UPDATE_DUE_SOON = "update_due_soon"
    """The next update will be due; the TSM has time to write it."""

    UPDATE_OVERDUE = "update_overdue"
    HOLDING_UPDATE_SENT = "holding_update_sent"
    """The client heard from maild that there is no news yet."""

    CLIENT_REMINDED = "client_reminded"
    """It is the client's turn, and they have not answered."""

    CLIENT_SILENT = "client_silent"
    """The client did not answer the reminders either."""

    INFORMATION_ASKED = "information_asked"
    """The acknowledgement asked for what is missing; the TSM has the ticket all the same."""

    GATHERED = "gathered"
    """The client has told all that was missing."""

    GATHERING_ENDED = "gathering_ended"
    """The client did not tell what was missing: the TSM goes on with what there is."""

    CLOCK_STARTED = "clock_started"
    """The clock of a service level runs, or runs on."""

    CLOCK_PAUSED = "clock_paused"
    CLOCK_STOPPED = "clock_stopped"
    SERVICE_LEVEL_BREACHED = "service_level_breached"
    VERDICT_AUDITED = "verdict_audited"
    """Its sure verdicts are in the audit sample: a person is asked to confirm them."""

    THRESHOLD_RAISED = "threshold_raised"
    """A correction of its verdict broke the error budget: more is asked of such verdicts from now on."""

    ACKNOWLEDGEMENT_WITHHELD = "acknowledgement_withheld"
    """No acknowledgement was written, for the reason in `because`."""

    RELAY_HELD = "relay_held"
    """The leak guard found something in a TSM's words: they wait for one tap of theirs."""

    INCIDENT_PROPOSED = "incident_proposed"
    """So many similar mails came at once that they may have one cause: the lead is asked."""

    INCIDENT_DISMISSED = "incident_dismissed"
    """The lead says that they have none."""

    INCIDENT_DECLARED = "incident_declared"
    """Many tickets with one cause, of which this is the first."""

    INCIDENT_JOINED = "incident_joined"
    """The ticket belongs to an incident."""

    INCIDENT_LEFT = "incident_left"
    """The ticket does not belong to that incident after all."""

    INCIDENT_UNDONE = "incident_undone"
    """It was none: each of its tickets goes on by itself."""

    POST_MORTEM_ASKED = "post_mortem_asked"
    """The ticket is closed: whoever solved it is asked what it teaches."""

    POST_MORTEM_SKIPPED = "post_mortem_skipped"
    """The ticket is closed, and nobody is asked, for the reason in `because`."""

    POST_MORTEM_REMINDED = "post_mortem_reminded"
    """Nobody has answered the post-mortem form; asked once more, and never again."""

    POST_MORTEM_ANSWERED = "post_mortem_answered"
    """What the ticket teaches is a case study now."""

    POST_MORTEM_DECLINED = "post_mortem_declined"
    """There is nothing to learn from it."""

    ARTICLE_WRITTEN = "article_written"
    """A TSM wrote words for the ticket's case study."""

    ARTICLE_ALIKE = "article_alike"
    """The ticket's case study is nearly another one: merge or link them?"""

    ARTICLE_KNOWN = "article_known"
    """The ticket is one more case of an article that is there."""

    ARTICLE_RELATED = "article_related"
    """The ticket's case study and another one name each other."""

    MIRRORED = "mirrored"
    """The ticket has an issue in the tracker, or has it no more."""

    TRACKER_NOTED = "tracker_noted"
    """Somebody wrote below its issue in the tracker: an internal note."""

    TRACKER_DECLINED = "tracker_declined"
    """What somebody decided in the tracker changes nothing here, for the reason in `because`."""
