"""Facts of the header fields, without conclusions."""

import pytest

from maild.mail.message import Facts
from tests.support.mail_making import a_mail, a_source, read

FACTS: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "nothing": ({}, {}),
    "a null path": ({"Return_Path": "<>"}, {"return_path": ""}),
    "a path": ({"Return_Path": "<Ana@Client.example>"}, {"return_path": "Ana@client.example"}),
    "auto-replied": ({"Auto_Submitted": "auto-replied"}, {"auto_submitted": "auto-replied"}),
    "parameters": ({"Auto_Submitted": "Auto-Replied (vacation); owner=x"}, {"auto_submitted": "auto-replied"}),
    "a comment first": ({"Auto_Submitted": "(a comment) auto-generated"}, {"auto_submitted": "auto-generated"}),
    "not automatic": ({"Auto_Submitted": "no"}, {"auto_submitted": "no"}),
    "precedence": ({"Precedence": "Bulk"}, {"precedence": "bulk"}),
    "suppress": ({"X_Auto_Response_Suppress": "DR, OOF,AutoReply"}, {"suppress": ("dr", "oof", "autoreply")}),
    "a vendor's field": ({"X_Autoreply": "yes"}, {"autoreply": "x-autoreply"}),
    "a vendor's no": ({"X_Autoreply": "no"}, {}),
    "a list": (
        {"List_Id": "The News <News.Client.example>", "List_Post": "<mailto:news@client.example?subject=x>"},
        {
            "list_id": "news.client.example",
            "list_post": "news@client.example",
            "list_fields": ("list-id", "list-post"),
        },
    ),
    "a list without post": ({"List_Post": "NO (posting not allowed)"}, {"list_fields": ("list-post",)}),
    "feedback id": ({"Feedback_ID": "1:2:3:x"}, {"list_fields": ("feedback-id",)}),
    "spam": ({"X_Spam_Flag": "YES"}, {"spam_flag": "x-spam-flag: YES"}),
    "no spam": ({"X_Spam_Flag": "NO", "X_Spam_Status": "No, score=1"}, {}),
    "spam by score": ({"X_Spam_Status": "Yes, score=9"}, {"spam_flag": "x-spam-status: Yes, score=9"}),
    "spam at Microsoft": (
        {"X_Forefront_Antispam_Report": "CIP:1.2.3.4;CTRY:US;SCL:9;SRV:"},
        {"spam_flag": "x-forefront-antispam-report: CIP:1.2.3.4;CTRY:US;SCL:9;SRV:"},
    ),
    "ham at Microsoft": ({"X_MS_Exchange_Organization_SCL": "-1"}, {}),
}


@pytest.mark.parametrize(("fields", "expected"), FACTS.values(), ids=FACTS.keys())
def test_a_fact_is_what_the_field_says(fields: dict[str, str], expected: dict[str, object]) -> None:
    found = a_mail(**fields).facts
    assert {name: getattr(found, name) for name in expected} == expected
    others = set(Facts.__dataclass_fields__) - set(expected)
    assert all(getattr(found, name) == getattr(Facts(), name) for name in others)


def test_addresses_of_delivery_are_collected_once() -> None:
    mail = a_mail(
        Delivered_To="support+t17.abc@desk.example",
        X_Original_To="support@desk.example",
        Envelope_To="<support@desk.example>",
        Received="from x by y for <support+t18.def@desk.example>; Mon, 02 Mar 2026 10:00:00 +0100",
    )
    assert mail.delivered_to == (
        "support+t17.abc@desk.example",
        "support@desk.example",
        "support+t18.def@desk.example",
    )


def test_authentication_results_stand_topmost_first() -> None:
    mail = read(b"Authentication-Results: ours; dmarc=pass\r\nAuthentication-Results: theirs; x\r\n" + a_source())
    assert mail.authentication == ("ours; dmarc=pass", "theirs; x")


def test_all_fields_are_kept_in_order() -> None:
    names = [name for name, _ in read(b"X-First: 1\r\n" + a_source(X_Last="=?utf-8?q?=C3=BC?=")).headers]
    assert names[0] == "x-first"
    assert names[-1] == "x-last"
