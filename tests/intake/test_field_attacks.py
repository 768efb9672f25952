"""Attacks that hit others: each row of the list is a test, named here; those that had no home elsewhere stand below."""

import gzip
import re
import time
from email.message import EmailMessage

import pytest

from maild.mail.pool import ParsingPool
from maild.store.engine import Store
from tests.stories.letters import a_letter
from tests.support.intakes import an_intake
from tests.support.mail_making import a_source, read
from tests.support.places import TESTS
from tests.support.relays import Relaying, with_files

ATTACKS = {
    "a forged, legacy-format or other-ticket token with a TSM's From": (
        "stories/test_hostile.py::test_nobody_joins_a_ticket_that_is_not_theirs"
    ),
    "a revoked TSM who replays a valid reply": (
        "desk/test_authority.py::test_a_revoked_tsm_replaying_a_valid_reply_is_held_and_opens_no_ticket"
    ),
    "a stranger with valid References": "stories/test_hostile.py::test_nobody_joins_a_ticket_that_is_not_theirs",
    "every header field that we emit, sent in by a client": (
        "stories/test_hostile.py::test_nobody_joins_a_ticket_that_is_not_theirs"
    ),
    "CR LF in an encoded display name or subject": "mail/test_attacks.py::test_an_encoded_line_end_adds_no_line",
    "CR LF, `../../x`, `C:\\x`, NUL, RTL override or CON in an attachment's name": (
        "mail/test_attachments.py::test_a_name_is_safe_on_any_system"
    ),
    "an attachment's name of 4 kB": "mail/test_attachments.py::test_a_name_of_4_kb_is_cut_and_keeps_its_ending",
    "2,000 parentheses, 5 MB of one URL": "mail/test_attacks.py::test_a_heavy_mail_is_read_soon",
    "10,000 parts, 1,000 levels": "mail/test_attacks.py::test_a_structural_bomb_is_held_at_once_with_its_reason",
    "32,000 addresses": "intake/test_field_attacks.py::test_32_000_addresses_are_read_soon",
    "a gzip bomb": "intake/test_field_attacks.py::test_a_gzip_bomb_is_never_unpacked",
    "HTML, SVG and PDF that want to be rendered": (
        "intake/test_field_attacks.py::test_html_svg_and_pdf_go_along_as_files_and_are_shown_by_nothing"
    ),
    "many mails with forged From, a domain's limit": (
        "stories/test_hostile.py::test_a_flood_with_forged_authors_brings_a_domain_no_more_than_its_limit"
    ),
    "an unproven author's body in a reply": "replies/test_discreet.py::test_no_body_is_repeated_to_its_author",
    "URLs, addresses and numbers in an unproven author's subject": (
        "replies/test_discreet.py::test_nothing_that_leads_to_somebody_is_repeated_to_an_unproven_author"
    ),
    "an unproven author's subject longer than 120 characters": (
        "replies/test_discreet.py::test_a_subject_that_an_unproven_author_sees_is_short"
    ),
    "an acknowledgement against an out-of-office note": (
        "stories/test_ack_war.py::test_three_machines_a_lead_who_is_one_and_a_second_desk_fall_silent"
    ),
    "secrets in logs, tracebacks and documents": "settings/test_secrets.py::test_no_secret_is_in_any_log_line_traceback_or_document",
    "a model's label outside the closed set": (
        "classify/test_models.py::test_a_category_that_the_desk_does_not_have_is_left_to_a_person"
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_has_its_test(attack: str) -> None:
    file, _, name = ATTACKS[attack].partition("::")
    assert re.search(rf"^def {name}\(", (TESTS / file).read_text("utf-8"), re.MULTILINE), ATTACKS[attack]


SECONDS = 5.0
"""Generous, and of the processor: a mail that grows by the square would take minutes."""


def test_32_000_addresses_are_read_soon() -> None:
    started = time.process_time()
    mail = read(
        a_source(Cc=", ".join(f'"U {number}" <u{number}@client.example>' for number in range(32_000))[:250_000])
    )
    assert time.process_time() - started < SECONDS
    assert 0 < len(mail.cc) <= 500
    assert any("the others are dropped" in defect for defect in mail.defects)


def test_a_gzip_bomb_is_never_unpacked(store: Store, pool: ParsingPool) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    desk = Relaying(intake=an_intake(store, pool))
    files = (("logs.gz", "application/gzip", bomb), ("logs.zip", "application/zip", bomb))
    assert desk.take_in(with_files(a_letter(), files)) == ["ticket"]
    (assignment,) = desk.sent("assignment")
    sizes = [len(part.get_payload(decode=True) or b"") for part in assignment.iter_attachments()]
    assert sizes == [len(bomb), len(bomb)]
    assert len(assignment.as_bytes()) < 10 * len(bomb)


ACTIVE = (
    ("page.html", "text/html", b"<script>alert('marked-1')</script>"),
    ("drawing.svg", "image/svg+xml", b"<svg onload=\"alert('marked-2')\"></svg>"),
    ("paper.pdf", "application/pdf", b"%PDF-1.4 /OpenAction (marked-3)"),
)


def test_html_svg_and_pdf_go_along_as_files_and_are_shown_by_nothing(store: Store, pool: ParsingPool) -> None:
    desk = Relaying(intake=an_intake(store, pool))
    desk.take_in(with_files(a_letter(), ACTIVE))
    (assignment,) = desk.sent("assignment")
    found = {part.get_filename(): part.get_content_disposition() for part in assignment.iter_attachments()}
    assert found == {name: "attachment" for name, _, _ in ACTIVE}
    for mail in [assignment, *desk.sent("acknowledgement")]:
        assert not [text for text in bodies(mail) if "marked-" in text or "<svg" in text or "<script" in text]


def bodies(mail: EmailMessage) -> list[str]:
    """All texts that a mail client shows by itself."""
    shown = (mail.get_body(("plain",)), mail.get_body(("html",)))
    return [str(part.get_content()) for part in shown if part is not None]
