"""`maild check` looks at the mail that is there, and says which proof of authors the server gives."""

from typing import Any

from maild.cli.checking.trusting import propose_trust
from maild.mail.message import Address, Mail
from maild.process.trust import TrustMethod
from tests.support.making import a_mail, a_team

TEAM = a_team()
SET = TrustMethod(method="authserv_id", value="mx.acme.example")


def from_house(**differences: Any) -> Mail:
    return a_mail(author=Address(address="lena@acme.example"), **differences)


def vouched_for(domain: str) -> dict[str, Any]:
    return {"authentication": (f"mx.acme.example; dmarc=pass header.from={domain}",)}


def test_a_proposal_says_what_it_would_believe() -> None:
    mails = [a_mail(**vouched_for("client.example"))] * 4 + [from_house(**vouched_for("acme.example"))]
    found = propose_trust(mails, TrustMethod(), TEAM)
    assert 'method = "authserv_id" and value = "mx.acme.example"' in found.cure
    assert "5 of their authors would be believed, and 1 of the 1 by people of the desk" in found.message


def test_mail_of_the_house_without_results_is_known_by_a_field_of_its_own() -> None:
    inside = from_house(headers=(("x-ms-exchange-organization-authas", "Internal"), ("x-mailer", "Mutt")))
    outside = a_mail(headers=(("x-mailer", "Mutt"),))
    found = propose_trust([inside, inside, inside, outside], TrustMethod(), TEAM)
    assert 'method = "header" and value = "x-ms-exchange-organization-authas: Internal"' in found.cure


def test_a_field_that_outsiders_have_too_is_not_proposed() -> None:
    field = (("x-login", "yes"),)
    found = propose_trust([*[from_house(headers=field)] * 3, a_mail(headers=field)], TrustMethod(), TEAM)
    assert found.cure == ""


def test_a_method_that_believes_nobody_is_pointed_out() -> None:
    wrong = TrustMethod(method="authserv_id", value="mx.other.example")
    found = propose_trust([a_mail(**vouched_for("client.example"))] * 4, wrong, TEAM)
    assert "0 of the 4" in found.message
    assert "is [trust] value what your server writes?" in found.cure


def test_a_method_that_works_needs_no_cure() -> None:
    assert propose_trust([a_mail(**vouched_for("client.example"))] * 4, SET, TEAM).cure == ""
