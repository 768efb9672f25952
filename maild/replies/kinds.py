"""The kinds of reply: for whom each is, and how its header fields mark it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CLIENT, INTERNAL = "client", "internal"

# Never All or NDR: maild wants its bounces. Internal mail leaves OOF out: maild wants the date of return.
_NO_ANSWER = "DR, RN, NRN, OOF, AutoReply"
_ABSENCE_ONLY = "DR, RN, NRN, AutoReply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a mail of one kind is, whatever its words are."""

    audience: str
    """`client` or `internal`."""

    auto_submitted: str
    """RFC 3834 keyword: `auto-replied` answers the very mail that caused it, `auto-generated` tells somebody else.

    Empty where a person wrote all of it: then no field says that a machine did.
    """

    carries_words: bool = False
    """Whether a person's own words stand in what a machine wrote."""

    suppress: str = _ABSENCE_ONLY
    """X-Auto-Response-Suppress."""

    has_original: bool = False
    """Whether mails of the client are attached as they came."""

    has_files: bool = False
    """Whether the files go along that came with the mail which caused it."""

    is_about_held: bool = False
    """Whether it shows a mail that is held to the person in whose name it came, forged or not: they decide about it."""

    is_internal_thread: bool = False
    """Whether it belongs to the thread with engineering: whatever answers it never reaches a client."""

    is_incident_thread: bool = False
    """Whether it belongs to the thread of an incident: what answers it is about all of its tickets."""

    is_form: bool = False
    """Whether it asks what a ticket teaches: whatever answers it is about that, and never reaches a client."""

    answers_reach_client: bool = False
    """Whether the words of a TSM who answers it are for the client; if not, they are for nobody, and the TSM is told so."""

    @property
    def thread(self) -> tuple[bool, ...]:
        """Which of a ticket's threads in the house it belongs to."""
        return self.is_internal_thread, self.is_incident_thread, self.is_form

    @property
    def is_relay(self) -> bool:
        """Whether it carries the own words of a person of the desk."""
        return self.carries_words or not self.auto_submitted


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "client_reminder": Kind(audience=CLIENT, auto_submitted="auto-generated"),
        "holding_update": Kind(audience=CLIENT, auto_submitted="auto-generated", suppress=_NO_ANSWER),
        "acknowledgement": Kind(audience=CLIENT, auto_submitted="auto-replied", suppress=_NO_ANSWER),
        "handed_off_notice": Kind(audience=CLIENT, auto_submitted="auto-replied", suppress=_NO_ANSWER),
        "handed_back_notice": Kind(audience=CLIENT, auto_submitted="auto-generated", suppress=_NO_ANSWER),
        "answer": Kind(audience=CLIENT, auto_submitted="", has_files=True),
        "assignment": Kind(
            audience=INTERNAL,
            auto_submitted="auto-generated",
            has_original=True,
            has_files=True,
            answers_reach_client=True,
        ),
        "reassigned": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
        "follow_up": Kind(
            audience=INTERNAL, auto_submitted="auto-generated", has_files=True, answers_reach_client=True
        ),
        "confirm_verdict": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
        "threshold_raised": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
        "gathering_ended": Kind(audience=INTERNAL, auto_submitted="auto-generated", answers_reach_client=True),
        "client_silent": Kind(audience=INTERNAL, auto_submitted="auto-generated", answers_reach_client=True),
        "service_level_breached": Kind(audience=INTERNAL, auto_submitted="auto-generated", answers_reach_client=True),
        "update_due_soon": Kind(audience=INTERNAL, auto_submitted="auto-generated", answers_reach_client=True),
        "update_overdue": Kind(audience=INTERNAL, auto_submitted="auto-generated", answers_reach_client=True),
        "hand_off": Kind(audience=INTERNAL, auto_submitted="auto-generated", has_original=True),
        "hand_off_unclaimed": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
        "taken_back": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
        "team_wrote": Kind(audience=INTERNAL, auto_submitted="auto-generated", has_files=True),
        "delivery_failed": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
        "not_relayed": Kind(audience=INTERNAL, auto_submitted="auto-replied"),
        "refused_commands": Kind(audience=INTERNAL, auto_submitted="auto-replied", answers_reach_client=True),
        "estimate": Kind(audience=CLIENT, auto_submitted="auto-generated", suppress=_NO_ANSWER),
        "undone": Kind(audience=INTERNAL, auto_submitted="auto-replied"),
        "took_in": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
        "colleague_answered": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
        "dossier": Kind(audience=INTERNAL, auto_submitted="auto-generated", has_original=True, is_internal_thread=True),
        "internal_words": Kind(audience=INTERNAL, auto_submitted="", is_internal_thread=True, has_files=True),
        "escalation_raised": Kind(audience=INTERNAL, auto_submitted="auto-generated", is_internal_thread=True),
        "deescalated": Kind(audience=INTERNAL, auto_submitted="auto-generated", is_internal_thread=True),
        "client_in_copy": Kind(audience=INTERNAL, auto_submitted="auto-generated", is_internal_thread=True),
        "post_mortem": Kind(audience=INTERNAL, auto_submitted="auto-generated", is_form=True),
        "article_alike": Kind(audience=INTERNAL, auto_submitted="auto-generated", is_form=True),
        "confirm": Kind(audience=INTERNAL, auto_submitted="auto-generated", is_about_held=True),
        "verification": Kind(audience=CLIENT, auto_submitted="auto-generated", carries_words=True, has_files=True),
        "closure_thanks": Kind(audience=CLIENT, auto_submitted="auto-replied", suppress=_NO_ANSWER),
        "closed_notice": Kind(audience=CLIENT, auto_submitted="auto-generated", suppress=_NO_ANSWER),
        "client_denied": Kind(
            audience=INTERNAL, auto_submitted="auto-generated", has_files=True, answers_reach_client=True
        ),
        "closure_unclear": Kind(
            audience=INTERNAL, auto_submitted="auto-generated", has_files=True, answers_reach_client=True
        ),
        "leak": Kind(audience=INTERNAL, auto_submitted="auto-generated", is_about_held=True),
        "incident_proposed": Kind(
            audience=INTERNAL, auto_submitted="auto-generated", is_incident_thread=True, answers_reach_client=True
        ),
        "incident_declared": Kind(
            audience=INTERNAL, auto_submitted="auto-generated", is_incident_thread=True, answers_reach_client=True
        ),
        "incident_joined": Kind(audience=INTERNAL, auto_submitted="auto-generated"),
    },
)
"""Name of the template to its kind."""
