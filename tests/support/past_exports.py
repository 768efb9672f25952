"""Exports of other systems, written for tests in the forms that their makers document."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

USERS = [
    {"id": 1, "name": "Ana Client", "email": "ana@client.example", "role": "end-user"},
    {"id": 2, "name": "Bo Agent", "email": "bo@former.example", "role": "agent"},
    {"id": 3, "name": "Caller", "email": None, "role": "end-user"},
    {"id": 4, "name": "Cy Copied", "email": "cy@client.example", "role": "end-user"},
]


def write_json(path: Path, document: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), "utf-8")
    return path


def write_lines(path: Path, records: Sequence[object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return path


def a_zendesk_comment(number: int, author: int, text: str, **difference: object) -> dict[str, Any]:
    usual = {"id": number, "type": "Comment", "author_id": author, "body": text, "plain_body": text, "public": True}
    return {**usual, "html_body": f"<p>{text}</p>", "created_at": f"2024-03-01T0{number % 10}:00:00Z", **difference}


def a_zendesk_ticket(number: int, **difference: object) -> dict[str, Any]:
    usual = {
        "id": number,
        "created_at": "2024-03-01T01:00:00Z",
        "updated_at": "2024-03-02T01:00:00Z",
        "subject": f"VPN down ({number})",
        "description": "The VPN does not connect.",
        "type": "incident",
        "priority": "urgent",
        "status": "closed",
        "requester_id": 1,
        "submitter_id": 1,
        "assignee_id": 2,
        "group_id": 7,
        "tags": ["vpn", "remote"],
        "custom_fields": [{"id": 9, "value": "laptop"}, {"id": 10, "value": None}],
        "via": {"channel": "email"},
    }
    return {**usual, **difference}


def a_zendesk_conversation() -> list[dict[str, Any]]:
    """Question, answer, internal note, somebody in copy, thanks."""
    return [
        a_zendesk_comment(1, 1, "The VPN does not connect."),
        a_zendesk_comment(2, 2, "We have restarted the gateway."),
        a_zendesk_comment(3, 2, "Their contract has ended, tell sales.", public=False),
        a_zendesk_comment(4, 4, "For me it is the same.", attachments=[{"file_name": "log.txt"}]),
        a_zendesk_comment(5, 1, "Works, thanks!"),
    ]


def write_zendesk(folder: Path, tickets: Sequence[Mapping[str, Any]]) -> Path:
    """The account's JSON export: a ticket a line, users beside them."""
    write_lines(folder / "tickets.ndjson", tickets)
    write_lines(folder / "users.ndjson", USERS)
    write_json(folder / "groups.json", {"groups": [{"id": 7, "name": "Network"}], "count": 1})
    write_json(folder / "ticket_fields.json", {"ticket_fields": [{"id": 9, "title": "Device"}]})
    return folder


FRESHDESK_EXPORT = [
    {
        "helpdesk_ticket": {
            "display_id": 12,
            "id": 900012,
            "subject": "Printer",
            "description": "It prints half a page.",
            "description_html": "<div>It prints half a page.</div>",
            "created_at": "2024-04-01T10:00:00+02:00",
            "requester_id": 31,
            "requester_name": "Ana Client",
            "responder_id": 41,
            "responder_name": "Bo Agent",
            "group_id": 7,
            "priority": 1,
            "priority_name": "Low",
            "status": 5,
            "status_name": "Closed",
            "source": 1,
            "source_name": "Email",
            "ticket_type": "Incident",
            "tags": [{"name": "hardware"}],
            "custom_field": {"floor_1": "second"},
            "attachments": [],
            "notes": [
                {
                    "helpdesk_note": {
                        "id": 1,
                        "body": "Please clean the drum.",
                        "body_html": "<div>Please clean the drum.</div>",
                        "incoming": False,
                        "private": False,
                        "user_id": 41,
                        "created_at": "2024-04-01T11:00:00+02:00",
                    }
                },
                {
                    "helpdesk_note": {
                        "id": 2,
                        "body": "They never clean it.",
                        "incoming": False,
                        "private": True,
                        "user_id": 41,
                        "created_at": "2024-04-01T11:05:00+02:00",
                    }
                },
            ],
        }
    }
]
FRESHDESK_USERS = [
    {"user": {"id": 31, "name": "Ana Client", "email": "ana@client.example", "active": True}},
    {"user": {"id": 41, "name": "Bo Agent", "email": "bo@former.example", "active": True}},
]
FRESHDESK_API_TICKET = {
    "id": 20,
    "subject": "Access to a folder",
    "description": "<div>Please give me access.</div>",
    "description_text": "Please give me access.",
    "created_at": "2024-05-01T08:00:00Z",
    "requester_id": 31,
    "responder_id": 41,
    "group_id": 7,
    "source": 2,
    "status": 4,
    "priority": 4,
    "type": None,
    "tags": ["access"],
    "custom_fields": {"cf_site": "Bonn"},
    "requester": {"id": 31, "name": "Ana Client", "email": "ana@client.example"},
    "attachments": [{"name": "form.pdf"}],
}
FRESHDESK_API_CONVERSATIONS = [
    {
        "id": 5,
        "body": "<div>You have it.</div>",
        "body_text": "You have it.",
        "incoming": False,
        "private": False,
        "user_id": 41,
        "created_at": "2024-05-01T09:00:00Z",
    },
    {
        "id": 6,
        "body": "<div>It works.</div>",
        "body_text": "It works.",
        "incoming": True,
        "private": False,
        "user_id": 31,
        "created_at": "2024-05-01T10:00:00Z",
    },
]
FRESHDESK_API_AGENT = {"id": 41, "ticket_scope": 1, "contact": {"name": "Bo Agent", "email": "bo@former.example"}}


def write_freshdesk(folder: Path) -> Path:
    """The account's JSON export."""
    write_json(folder / "Tickets0.json", FRESHDESK_EXPORT)
    write_json(folder / "Users0.json", FRESHDESK_USERS)
    write_json(folder / "Groups0.json", [{"group": {"id": 7, "name": "Hardware"}}])
    return folder


def write_freshdesk_api(folder: Path) -> Path:
    """Dumps of the API, conversations told apart by the file's name alone."""
    write_json(folder / "tickets.json", [FRESHDESK_API_TICKET])
    write_json(folder / "conversations-20.json", FRESHDESK_API_CONVERSATIONS)
    write_json(folder / "agents.json", [FRESHDESK_API_AGENT])
    return folder
