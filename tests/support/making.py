"""Factories: one valid thing each, made different by what the test says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maild.classify.verdict import Verdict
from maild.mail.message import Address, Facts, Mail
from maild.process.calendar import Calendar, Span
from maild.process.category import Category
from maild.process.decision import Findings
from maild.process.desk import Desk
from maild.process.people.team import OtherTeam, Person, Team
from maild.process.policy import Policy, ReplyLimits
from maild.process.priority import Priorities
from maild.process.rules import Rules
from maild.process.ticket import Event, Role, Status, Ticket, Trust
from maild.process.trust import TrustMethod

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday."""

CALENDAR = Calendar(zone=ZoneInfo("Europe/Berlin"), hours=dict.fromkeys(range(5), (time(9), time(17))))

TOLD: Mapping[Event, tuple[tuple[Role, str], ...]] = {
    Event.OPENED: ((Role.CLIENT, "acknowledgement"),),
    Event.LEFT_UNDECIDED: ((Role.CLIENT, "acknowledgement"),),
    Event.ASSIGNED: ((Role.TSM, "assignment"), (Role.FORMER, "reassigned")),
    Event.NOBODY_FREE: ((Role.LEAD, "assignment"),),
    Event.HANDED_OFF: ((Role.CLIENT, "handed_off_notice"), (Role.TEAM, "hand_off"), (Role.FORMER, "reassigned")),
    Event.HAND_OFF_RETURNED: ((Role.CLIENT, "handed_back_notice"),),
    Event.HAND_OFF_UNDONE: ((Role.CLIENT, "handed_back_notice"), (Role.TEAM, "taken_back")),
    Event.CLIENT_REPLIED: ((Role.TSM, "follow_up"), (Role.TEAM, "follow_up")),
    Event.VERDICT_AUDITED: ((Role.LEAD, "confirm_verdict"),),
    Event.THRESHOLD_RAISED: ((Role.LEAD, "threshold_raised"),),
    Event.UPDATE_DUE_SOON: ((Role.TSM, "update_due_soon"),),
    Event.HOLDING_UPDATE_SENT: ((Role.CLIENT, "holding_update"),),
    Event.CLIENT_REMINDED: ((Role.CLIENT, "client_reminder"),),
    Event.CLIENT_SILENT: ((Role.TSM, "client_silent"),),
    Event.GATHERING_ENDED: ((Role.TSM, "gathering_ended"),),
    Event.SERVICE_LEVEL_BREACHED: ((Role.LEAD, "service_level_breached"),),
    Event.UPDATE_OVERDUE: ((Role.LEAD, "update_overdue"),),
    Event.HAND_OFF_UNCLAIMED: (
        *((Role.CLIENT, "handed_back_notice"), (Role.LEAD, "hand_off_unclaimed"), (Role.TEAM, "taken_back")),
    ),
    Event.BOUNCE_CAME: ((Role.LEAD, "delivery_failed"),),
    Event.DELIVERY_UNCERTAIN: ((Role.LEAD, "delivery_failed"),),
    Event.STAFF_WROTE: ((Role.AUTHOR, "not_relayed"), (Role.TSM, "team_wrote")),
    Event.TSM_ANSWERED: ((Role.CLIENT, "answer"), (Role.TSM, "colleague_answered"), (Role.TEAM, "taken_back")),
    Event.ANSWERED_DIRECTLY: ((Role.TEAM, "taken_back"),),
    **dict.fromkeys(
        (Event.CLOSED, Event.MARKED_SPAM, Event.MERGED), ((Role.TEAM, "taken_back"), (Role.FORMER, "reassigned"))
    ),
    Event.ASKED: ((Role.CLIENT, "answer"), (Role.TSM, "colleague_answered")),
    Event.PROGRESS_REPORTED: ((Role.CLIENT, "answer"), (Role.TSM, "colleague_answered")),
    Event.RESOLVED: ((Role.CLIENT, "verification"), (Role.TSM, "colleague_answered")),
    Event.ESTIMATED: ((Role.CLIENT, "estimate"), (Role.TSM, "colleague_answered")),
    Event.SPLIT_OFF: ((Role.CLIENT, "acknowledgement"),),
    Event.TOOK_IN: ((Role.TSM, "took_in"),),
    Event.UNDONE: ((Role.AUTHOR, "undone"), (Role.TSM, "assignment"), (Role.FORMER, "reassigned")),
    Event.ESCALATED: ((Role.ENGINEER, "dossier"),),
    Event.ESCALATION_RAISED: ((Role.ENGINEER, "dossier"), (Role.TSM, "escalation_raised")),
    Event.DEESCALATED: ((Role.ENGINEER, "deescalated"),),
    Event.ENGINEERING_ANSWERED: ((Role.TSM, "internal_words"), (Role.ENGINEER, "internal_words")),
    Event.CONSULTED: ((Role.ENGINEER, "internal_words"),),
    Event.CLIENT_IN_COPY: tuple((role, "client_in_copy") for role in (Role.AUTHOR, Role.TSM, Role.LEAD)),
    Event.COMMAND_REFUSED: ((Role.AUTHOR, "refused_commands"),),
    Event.CONFIRMATION_ASKED: ((Role.AUTHOR, "confirm"),),
    Event.CLIENT_CONFIRMED: ((Role.CLIENT, "closure_thanks"), (Role.FORMER, "reassigned")),
    Event.CLIENT_DENIED: ((Role.TSM, "client_denied"),),
    Event.CLOSURE_UNCLEAR: ((Role.TSM, "closure_unclear"),),
    Event.CLOSURE_HEARD: ((Role.TSM, "closure_unclear"),),
    Event.CLOSED_BY_SILENCE: ((Role.CLIENT, "closed_notice"),),
    Event.RELAY_HELD: ((Role.AUTHOR, "leak"),),
    Event.INCIDENT_PROPOSED: ((Role.LEAD, "incident_proposed"),),
    Event.INCIDENT_DECLARED: ((Role.TSM, "incident_declared"), (Role.LEAD, "incident_declared")),
    Event.INCIDENT_JOINED: ((Role.TSM, "incident_joined"), (Role.FORMER, "reassigned")),
    Event.POST_MORTEM_ASKED: ((Role.TSM, "post_mortem"),),
    Event.POST_MORTEM_REMINDED: ((Role.TSM, "post_mortem"),),
    Event.ARTICLE_ALIKE: ((Role.AUTHOR, "article_alike"),),
    Event.TRACKER_NOTED: ((Role.TSM, "internal_words"),),
    Event.TRACKER_DECLINED: ((Role.TSM, "internal_words"),),
}


def a_mail(**differences: Any) -> Mail:
    mail = Mail(
        digest="0" * 64,
        fingerprint="1" * 64,
        message_id="<question-1@client.example>",
        in_reply_to=(),
        references=(),
        author=Address(address="bea@client.example", name="Bea Kunde"),
        reply_to=(),
        to=(Address(address="support@acme.example"),),
        cc=(),
        delivered_to=(),
        subject="VPN is down",
        written_at=NOON,
        new_text="The VPN does not connect.",
        text="The VPN does not connect.",
        attachments=(),
        language="en",
        facts=Facts(),
        bounce=None,
        authentication=(),
        headers=(),
        defects=(),
    )
    return replace(mail, **differences)


def a_desk(**differences: Any) -> Desk:
    return replace(Desk(name="Acme Support", address="support@acme.example", front_team="Front Office"), **differences)


ANA = Person(name="Ana Ruiz", addresses=("ana@acme.example", "ana.ruiz@acme.example"), role=Role.TSM)
EVA = Person(name="Eva Engineer", addresses=("eva@acme.example",), role=Role.ENGINEER)


def a_team(**differences: Any) -> Team:
    lead = Person(name="Lena Lead", addresses=("lena@acme.example",), role=Role.LEAD)
    finance = OtherTeam(name="Finance", address="finance@acme.example", takes=("billing",))
    front = OtherTeam(name="Front Office", address="office@acme.example", takes=())
    return replace(Team(people=(lead,), others=(finance, front)), **differences)


def priorities() -> Priorities:
    return Priorities(
        urgency={1: "now", 2: "soon", 3: "can wait"},
        impact={1: "everybody", 2: "a team.", 3: "one person"},
        matrix={(urgency, impact): urgency + impact - 1 for urgency in (1, 2, 3) for impact in (1, 2, 3)},
        titles={1: "critical", 2: "high", 3: "medium", 4: "low", 5: "planning"},
        next_update={
            1: Span(clock=timedelta(hours=1)),
            2: Span(clock=timedelta(hours=4)),
            3: Span(business_days=1),
            4: Span(business_days=2),
            5: Span(business_days=3),
        },
        undecided=3,
        calendar=CALENDAR,
    )


def a_policy(**differences: Any) -> Policy:
    policy = Policy(
        told=TOLD,
        limits=ReplyLimits(),
        hand_off_receipt=Span(business_days=1),
        repeat_overdue=Span(clock=timedelta(hours=4)),
        remind_before=0.0,
    )
    return replace(policy, **differences)


def categories() -> Mapping[str, Category]:
    made = (
        Category(name="network", title="Network", technical=True, description="Lines and VPN"),
        Category(name="billing", title="Billing", technical=False, description="Invoices", responsible="Finance"),
    )
    return {category.name: category for category in made}


def some_rules(**differences: Any) -> Rules:
    rules = Rules(
        desk=a_desk(),
        trust=TrustMethod(),
        policy=a_policy(),
        priorities=priorities(),
        team=a_team(),
        categories=categories(),
    )
    return replace(rules, **differences)


def a_ticket(**differences: Any) -> Ticket:
    ticket = Ticket(
        number=17,
        status=Status.OPEN,
        technical=True,
        category="network",
        urgency=2,
        impact=2,
        priority=3,
        client="bea@client.example",
        client_name="Bea Kunde",
        language="en",
        subject="VPN is down",
        assignee="Lena Lead",
        team=None,
        opened_at=NOON,
        next_update_due_at=NOON + timedelta(days=1),
    )
    return replace(ticket, **differences)


def verdicts(**labels: str | None) -> dict[str, Verdict]:
    return {
        question: Verdict(question=question, label=label, confidence=None, because="the test says so")
        for question, label in labels.items()
    }


def some_findings(**differences: Any) -> Findings:
    mail = a_mail()
    findings = Findings(
        mail=mail,
        author=mail.author,
        verdicts=verdicts(kind="person", technical="yes", category="network", urgency="2", impact="2"),
        trust=Trust.CLAIMED,
        trust_because="nothing vouches for its author",
        thread=None,
        ticket=None,
        duplicate_of=None,
        is_our_own=False,
        bounced=None,
        staff=None,
    )
    return replace(findings, **differences)
