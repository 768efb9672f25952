"""Who wrote it: the address that an answer goes to, whatever the display name says."""

from datetime import UTC, datetime

import pytest

from tests.support.mail_making import a_mail, a_source, read

AUTHORS = {
    "dots that Japanese carriers allowed": ("a..b.@carrier.example", "a..b.@carrier.example", ""),
    "such dots behind a name": ("Ana <a..b@carrier.example>", "a..b@carrier.example", ""),
    "plain": ("ana@client.example", "ana@client.example", ""),
    "named": ("Ana Ruiz <ana@client.example>", "ana@client.example", "Ana Ruiz"),
    "a trusted name": ("support@trusted.example <bob@evil.example>", "bob@evil.example", "support@trusted.example"),
    "a quoted trusted name": (
        '"support@trusted.example" <bob@evil.example>',
        "bob@evil.example",
        "support@trusted.example",
    ),
    "an address in the quoted name": (
        '"Support <support@trusted.example>" <bob@evil.example>',
        "bob@evil.example",
        "Support <support@trusted.example>",
    ),
    "an address in an encoded name": (
        "=?utf-8?q?support=40trusted=2Eexample_=3Csupport=40trusted=2Eexample=3E?= <bob@evil.example>",
        "bob@evil.example",
        "support@trusted.example <support@trusted.example>",
    ),
    "a comma in an encoded name": ("=?utf-8?Q?Ruiz,_Ana?= <ana@client.example>", "ana@client.example", "Ruiz, Ana"),
    "a colon in an encoded name": ("=?utf-8?Q?a:_b?= <ana@client.example>", "ana@client.example", "a: b"),
    "an encoded name in quotes": ('"=?utf-8?q?J=C3=B6rg?=" <j@client.example>', "j@client.example", "Jörg"),
    "a letter split between words": (
        "=?utf-8?b?w4TDlsM=?= =?utf-8?b?nA==?= <a@client.example>",
        "a@client.example",
        "ÄÖÜ",
    ),
    "8-bit UTF-8": ("Jörg <j@client.example>", "j@client.example", "Jörg"),
    "8-bit Latin-1": (b"J\xf6rg <j@client.example>", "j@client.example", "Jörg"),
    "a comment": ("ana@client.example (Ana Ruiz)", "ana@client.example", "Ana Ruiz"),
    "a large domain": ("Ana@Client.EXAMPLE", "Ana@client.example", ""),
    "a group": ("Team: ana@client.example;", "ana@client.example", ""),
    "a folded name": ("Ana\r\n Ruiz\r\n <ana@client.example>", "ana@client.example", "Ana Ruiz"),
    "in apostrophes": ("'Ana' <'ana@client.example'>", "ana@client.example", "'Ana'"),
    "an apostrophe of its own": ("<o'hara@client.example>", "o'hara@client.example", ""),
    "as a link": ("Ana Ruiz <mailto:ana@client.example>", "ana@client.example", ""),
    "never closed": ("Ana Ruiz <ana@client.example", "ana@client.example", ""),
    "never closed, without a space": ("Ana Ruiz<ana@client.example", "ana@client.example", ""),
}

NOBODY = {
    "no From": "",
    "a broken domain": "a@[",
    "empty brackets": "<>",
    "no domain": "root",
    "an empty group": "undisclosed-recipients:;",
    "two in brackets": "<ana@client.example> <bob@evil.example>",
    "an address for a local part": "<ana@client.example@evil.example>",
    "another address before the last at sign": "<ana@client.example,@evil.example:bob@evil.example>",
    "a comma in the domain": "<ana@client.example,evil.example>",
    "a space inside": "<ana ruiz@client.example>",
    "an encoded address": "=?utf-8?q?ana=40client=2Eexample?=",
}


@pytest.mark.parametrize(("written", "address", "name"), AUTHORS.values(), ids=AUTHORS.keys())
def test_the_author_is_who_would_be_answered(written: str | bytes, address: str, name: str) -> None:
    author = a_mail(From=written).author
    assert author is not None
    assert (author.address, author.name) == (address, name)


@pytest.mark.parametrize("written", NOBODY.values(), ids=NOBODY.keys())
def test_where_nobody_could_be_answered_there_is_no_author_and_a_defect(written: str) -> None:
    mail = a_mail(From=written)
    assert mail.author is None
    assert any(defect.startswith("no author") for defect in mail.defects)


def test_two_from_fields_that_disagree_name_nobody() -> None:
    mail = read(b"From: bob@evil.example\r\n" + a_source())
    assert mail.author is None


def test_two_from_fields_that_agree_name_their_author() -> None:
    mail = read(b"From: ana@client.example\r\n" + a_source())
    assert mail.author is not None
    assert mail.author.address == "ana@client.example"


def test_of_several_authors_the_first_is_taken_and_it_is_said() -> None:
    mail = a_mail(From="ana@client.example, bob@client.example")
    assert mail.author is not None
    assert mail.author.address == "ana@client.example"
    assert any("2 addresses" in defect for defect in mail.defects)


def test_groups_and_several_fields_of_recipients_are_read() -> None:
    mail = a_mail(To="Friends: a@client.example, b@client.example;, c@client.example", Cc="D <d@client.example>")
    assert [address.address for address in mail.to] == ["a@client.example", "b@client.example", "c@client.example"]
    assert mail.cc[0].name == "D"


def test_an_alias_like_from_is_not_cut() -> None:
    mail = a_mail(From="ana+desk@client.example")
    assert mail.author is not None
    assert mail.author.key == "ana+desk@client.example"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ('"a b"@client.example', '"a b"@client.example'),
        ('Ana Ruiz <"a b"@client.example>', '"a b"@client.example'),
        ('"Ruiz, Ana" <"a, b"@client.example>', '"a, b"@client.example'),
        ('<"a@b"@client.example>', '"a@b"@client.example'),
        (r'<"a \"b\" c"@client.example>', r'"a \"b\" c"@client.example'),
        ('"ana"@client.example', "ana@client.example"),
        (r'<"a\na"@client.example>', "ana@client.example"),
        ('"ana..ruiz"@client.example', '"ana..ruiz"@client.example'),
    ],
)
def test_a_quoted_local_part_is_read_and_written_in_one_way(written: str, address: str) -> None:
    author = a_mail(From=written).author
    assert author is not None
    assert author.address == address


@pytest.mark.parametrize(
    "written", ['"a\tb"@client.example', '""@client.example', '"a b@client.example', '"a"b"@client.example']
)
def test_what_only_looks_quoted_is_no_quoted_address(written: str) -> None:
    author = a_mail(From=written).author
    assert author is None or '"' not in author.address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("Ana <ana@straße.example>", "ana@xn--strae-oqa.example"),
        ("ana@XN--BCHER-KVA.example", "ana@xn--bcher-kva.example"),
        ("support@\uff44esk.example", "support@desk.example"),
        ("anä@client.example", "anä@client.example"),
        ("ana@\U0001f600.example", "ana@\U0001f600.example"),
    ],
)
def test_an_international_domain_has_one_spelling(written: str, address: str) -> None:
    author = a_mail(From=written.encode()).author
    assert author is not None
    assert author.address == address


DATES = {
    "Mon, 02 Mar 2026 10:00:00 +0100": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "2 Mar 2026 10:00 GMT": datetime(2026, 3, 2, 10, tzinfo=UTC),
    "Fri, 02 Mar 2026 10:00:00 +0000 (wrong weekday)": datetime(2026, 3, 2, 10, tzinfo=UTC),
    "yesterday": None,
    "": None,
    "Mon, 99 Mar 2026 10:00:00 +0000": None,
    "x" * 128: None,
}


@pytest.mark.parametrize(("written", "expected"), DATES.items(), ids=[key[:30] for key in DATES])
def test_a_date_is_utc_or_nothing(written: str, expected: datetime | None) -> None:
    assert a_mail(Date=written).written_at == expected
