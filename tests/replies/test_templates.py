"""Every kind of mail in every language, and what an admin may put in their place."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from maild.errors import ConfigurationError
from maild.mail.contents import File
from maild.mail.enclosing import Enclosed
from maild.mail.message import Attachment
from maild.process.ticket import Status
from maild.replies.compose import compose
from maild.replies.environment import template_environment
from maild.replies.kinds import KINDS
from maild.replies.loader import SHIPPED
from maild.replies.names import CLIENT_NAMES, HOUSE_NAMES, names_for
from maild.replies.reply import Occasion
from maild.replies.scene import set_scene
from maild.replies.slips import find_slips
from maild.replies.specimens import specimens
from maild.replies.voice import Voice
from tests.support.making import a_desk, a_mail, a_team, a_ticket, categories, priorities
from tests.support.replies_making import LANGUAGES, a_voice, an_occasion, opened, text_of, written

EVERY_ONE = list(product(KINDS, LANGUAGES))
BARE = a_ticket(
    status=Status.NEW,
    technical=None,
    category=None,
    urgency=None,
    impact=None,
    priority=None,
    client_name="",
    subject="",
    assignee=None,
    next_update_due_at=None,
)


def load(overrides: Path) -> Voice:
    return Voice.load(
        desk=a_desk(), priorities=priorities(), categories=categories(), team=a_team(), overrides=overrides
    )


def override(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def occasion_in(language: str, kind: str) -> Occasion:
    return an_occasion(kind, ticket=a_ticket(language=language))


@pytest.mark.parametrize(("kind", "language"), EVERY_ONE)
def test_every_kind_is_shipped_in_every_language(kind: str, language: str) -> None:
    assert (SHIPPED / language / f"{kind}.txt").is_file()


def test_nothing_is_shipped_that_no_kind_uses() -> None:
    shipped = {path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*") if path.is_file()}
    used = {f"{language}/{kind}.txt" for kind, language in product(KINDS, LANGUAGES)}
    assert shipped == used | {"layout.html"}


def test_what_is_shipped_has_no_slip() -> None:
    sources = {path.relative_to(SHIPPED).as_posix(): path.read_text("utf-8") for path in SHIPPED.rglob("*.*")}
    environment = template_environment(sources)
    assert len(sources) > len(EVERY_ONE)
    assert [slip for name, source in sources.items() for slip in find_slips(name, source, environment)] == []


@pytest.mark.parametrize(("kind", "language"), EVERY_ONE)
def test_every_kind_renders_in_every_language_and_says_the_number(kind: str, language: str) -> None:
    reply, message = written(occasion_in(language, kind), desk=a_desk(languages=(language,)))
    assert message["Content-Language"] == language
    assert reply.subject.startswith("[T-17] ")
    assert "T-17" in reply.text
    assert "T-17" in text_of(message, "html")


@pytest.mark.parametrize(("kind", "language"), EVERY_ONE)
def test_every_kind_renders_when_almost_nothing_is_known(kind: str, language: str) -> None:
    bare = an_occasion(kind, ticket=BARE, mail=None, because=(), originals=(), in_reply_to=None, references=())
    reply, message = written(bare, desk=a_desk(languages=(language,)))
    assert "None" not in reply.text
    assert "\n\n\n" not in reply.text
    assert message["In-Reply-To"] is None


@pytest.mark.parametrize(("kind", "language"), EVERY_ONE)
def test_no_line_of_text_is_longer_than_a_mail_client_shows(kind: str, language: str) -> None:
    reply, _ = written(occasion_in(language, kind), desk=a_desk(languages=(language,)))
    assert max(map(len, reply.text.splitlines())) <= 78


@pytest.mark.parametrize("kind", KINDS)
def test_html_fetches_nothing_and_runs_nothing(kind: str) -> None:
    _, message = written(an_occasion(kind))
    html = text_of(message, "html")
    for word in ("http", "src=", "url(", "<script", "<img", "<link", "@import", "<style"):
        assert word not in html


@pytest.mark.parametrize("kind", KINDS)
def test_the_scene_has_exactly_the_names_that_a_template_may_use(kind: str) -> None:
    assert set(set_scene(an_occasion(kind), a_voice(), "en")) == names_for(kind)


def test_no_internal_name_is_a_name_of_a_clients_mail() -> None:
    assert not set(CLIENT_NAMES) & set(HOUSE_NAMES)


def test_a_clients_mail_says_nothing_of_the_reasons() -> None:
    reply, _ = written(an_occasion(because=("spam score high, treat with care",)))
    assert "spam score" not in reply.content.decode()


def test_an_acknowledgement_of_an_undecided_ticket_names_no_category() -> None:
    undecided = an_occasion(ticket=a_ticket(status=Status.NEW, technical=None))
    reply, _ = written(undecided)
    assert "Network" not in reply.text
    assert "decide who can best help you" in " ".join(reply.text.split())


def test_a_category_in_the_admins_language_is_not_put_into_a_mail_in_another() -> None:
    assert "Network" in written(an_occasion())[0].text
    assert "Network" not in written(occasion_in("fr", "acknowledgement"))[0].text


def test_a_client_is_written_to_in_their_language_and_the_house_in_its_own() -> None:
    assert "Guten Tag" in written(occasion_in("de", "acknowledgement"))[0].text
    assert "You have a new ticket" in written(occasion_in("de", "assignment"))[0].text


def test_a_language_without_templates_falls_back_to_the_desks_first() -> None:
    reply, message = written(occasion_in("it", "acknowledgement"), desk=a_desk(languages=("fr", "en")))
    assert message["Content-Language"] == "fr"
    assert "novembre" in reply.text


def test_a_template_of_the_admin_stands_instead_of_the_shipped_one(tmp_path: Path) -> None:
    override(tmp_path, "en/acknowledgement.txt", "Subject: {{ tag }} Got it\n\nWe have it.\n")
    reply = compose(an_occasion(), load(tmp_path))
    assert reply.subject == "[T-17] Got it"
    assert reply.text == "We have it.\n"


def test_a_language_of_the_admin_is_used(tmp_path: Path) -> None:
    override(tmp_path, "it/acknowledgement.txt", "Subject: Re: {{ title }}\n\nBuongiorno, entro {{ due }}.\n")
    reply = compose(occasion_in("it", "acknowledgement"), load(tmp_path))
    assert reply.text == "Buongiorno, entro 2026-11-24 12:00 (UTC).\n"


def test_the_tag_is_there_even_if_a_template_forgot_it(tmp_path: Path) -> None:
    override(tmp_path, "en/acknowledgement.txt", "Subject: Re: {{ title }}\n\nHello.\n")
    assert compose(an_occasion(), load(tmp_path)).subject == "[T-17] Re: VPN is down"


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("en/acknowledgement.txt", "Subject: {{ tag }}\n\n{{ nubmer }}\n", "nubmer"),
        ("en/acknowledgement.txt", "Subject: {{ tag }}\n\n{{ reasons }}\n", "reasons"),
        ("en/acknowledgement.txt", "Subject: {{ tag }}\n\n{{ words }}\n", "words"),
        ("en/acknowledgement.txt", "Hello\n", "Subject:"),
        ("en/acknowledgement.txt", "Subject: {{ tag }}\n\nline\n{% if due %}\n", "line 4"),
        ("en/acknowledgement.txt", "Subject: {{ tag }}\n\n{{ title.upper() }}\n", "line 3"),
        ("en/acknowledgement.txt", "Subject: {{ tag }}\n\n{% for a in range(9) %}{% endfor %}\n", "line 3"),
        ("en/acknowlegement.txt", "Subject: {{ tag }}\n\nHello\n", "acknowledgement.txt"),
        ("acknowledgement.txt", "Subject: {{ tag }}\n\nHello\n", "templates/<language>/"),
        ("layout.html", "{{ evil }}", "evil"),
    ],
)
def test_a_slip_in_a_template_stops_the_start_and_names_the_place(
    tmp_path: Path, name: str, text: str, word: str
) -> None:
    with pytest.raises(ConfigurationError, match=word) as refused:
        load(override(tmp_path, name, text))
    assert all(f"templates/{name}" in problem for problem in refused.value.problems)


def test_all_slips_are_told_at_once(tmp_path: Path) -> None:
    override(tmp_path, "de/hand_off.txt", "Subject: {{ tagg }}\n\n{{ clint }}\n")
    override(tmp_path, "fr/hand_off.txt", "Subject: {{ tag }}\n\n{{ clint }}\n")
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path)
    assert len(refused.value.problems) == 3


def test_a_template_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "hand_off.txt").write_bytes(b"Subject: \xff\n\n")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_specimens_show_every_kind(language: str) -> None:
    shown = [compose(occasion, a_voice()) for occasion in specimens(a_voice(), language)]
    assert [reply.kind for reply in shown] == list(KINDS)
    assert all(opened(reply) for reply in shown)
    asking = [reply.text for reply in shown if reply.kind in {"confirm", "leak"}]
    assert ["screenshot.png" in text for text in asking] == [True, True]


@pytest.mark.parametrize("kind", ["assignment", "follow_up", "closure_unclear", "client_denied", "team_wrote"])
@pytest.mark.parametrize("media_type", ["application/pgp-encrypted", "application/pkcs7-mime"])
def test_a_message_that_nobody_can_read_is_said_to_be_sealed(kind: str, media_type: str) -> None:
    sealed = Attachment(name="smime.p7m", media_type=media_type, size=9, digest="0" * 64)
    reply, _ = written(an_occasion(kind, mail=a_mail(new_text="", text="", attachments=(sealed,))))
    assert "encrypted or sealed" in reply.text
    assert "has no text" not in reply.text


ENCLOSED = {
    "en": ("It is attached as it came.", "It is not attached to this mail; it is kept with the ticket."),
    "de": ("Sie ist angehängt, wie sie kam.", "Sie ist dieser Mail nicht angehängt; sie liegt beim Ticket."),
    "fr": (
        "Il est joint tel quel.",
        "Il n\N{RIGHT SINGLE QUOTATION MARK}est pas joint à ce mail ; il est conservé avec le ticket.",
    ),
    "es": ("Va adjunto tal como llegó.", "No va adjunto a este correo; se guarda con el ticket."),
}


@pytest.mark.parametrize("kind", ["assignment", "follow_up", "closure_unclear", "client_denied", "team_wrote"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sealed_message_is_called_attached_only_where_it_is(kind: str, language: str) -> None:
    sealed = Attachment(name="smime.p7m", media_type="application/pkcs7-mime", size=9, digest="0" * 64)
    occasion = an_occasion(kind, mail=a_mail(new_text="", text="", attachments=(sealed,)))
    along = Enclosed(files=(File(attachment=sealed, content=b"012345678"),), most_octets=9)
    for number, enclosed in enumerate((along, Enclosed(left_out=(sealed,), most_octets=8), Enclosed())):
        reply, _ = written(replace(occasion, enclosed=enclosed), desk=a_desk(languages=(language,)))
        words = " ".join(reply.text.split())
        attached, kept = (" ".join(sentence.split()) for sentence in ENCLOSED[language])
        assert (attached in words, kept in words) == (number == 0, number > 0)


def test_a_long_message_is_cut_and_said_to_be() -> None:
    reply, _ = written(an_occasion("assignment", mail=a_mail(new_text="line\n" * 5_000)))
    assert "This is only the beginning" in reply.text
    assert len(reply.text) < 20_000
