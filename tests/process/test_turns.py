"""Turns: who is served when many wait."""

from dataclasses import replace

from maild.mail.head import Head, read_head
from maild.process.policy import ReplyLimits
from maild.process.rank import Rank
from maild.process.rules import Rules
from maild.process.token import address_part
from maild.process.trust import TrustMethod
from maild.process.waiting.shares import line_up, share_out
from maild.process.waiting.turns import Acquainted, Line, all_tokens, find_rank
from tests.support.making import a_policy, some_rules

TRUST = TrustMethod(method="authserv_id", value="mx.acme.example")
TOKEN = "a" * 14
ACQUAINTED = Acquainted(authors={"bea@client.example"}, tokens={TOKEN: "bea@client.example"})


def a_head(author: str = "stranger@elsewhere.example", *lines: str) -> Head:
    return read_head("\r\n".join((f"From: {author}", *lines, "", "")).encode())


def vouching(domain: str) -> str:
    return f"Authentication-Results: mx.acme.example; dmarc=pass header.from={domain}"


def rank(head: Head, rules: Rules | None = None) -> Rank:
    return find_rank(head, rules or some_rules(trust=TRUST), ACQUAINTED)


def test_whoever_is_proven_and_known_or_answers_us_is_expected() -> None:
    assert rank(a_head("Bea@client.example", vouching("client.example"))) is Rank.EXPECTED
    assert rank(a_head("bea@client.example", f"To: support+{address_part(1, TOKEN)}@acme.example")) is Rank.EXPECTED
    assert (
        rank(a_head("bea@client.example", f"References: <x@y> <{address_part(1, TOKEN)}@acme.example>"))
        is Rank.EXPECTED
    )
    assert rank(a_head("bea@client.example", f"Subject: Re: [T-1 k0.{TOKEN[1:]}] VPN")) is Rank.EXPECTED


def test_a_token_in_somebody_elses_hands_and_a_forged_result_speak_for_nobody() -> None:
    stolen = f"To: support+{address_part(1, TOKEN)}@acme.example"
    assert rank(a_head("eve@evil.example", stolen)) is Rank.UNKNOWN
    assert rank(a_head("eve@evil.example", vouching("client.example"))) is Rank.UNKNOWN
    forged = "Authentication-Results: mx.evil.example; dmarc=pass header.from=client.example"
    assert rank(a_head("bea@client.example", forged)) is Rank.KNOWN
    assert rank(a_head("bea@client.example", "From: eve@evil.example", vouching("client.example"))) is Rank.UNKNOWN
    assert rank(a_head("nobody", vouching("client.example"))) is Rank.UNKNOWN


def test_strangers_are_vouched_for_or_unknown_and_people_of_the_desk_known() -> None:
    assert rank(a_head("new@elsewhere.example", vouching("elsewhere.example"))) is Rank.VOUCHED
    assert rank(a_head("new@elsewhere.example")) is Rank.UNKNOWN
    rules = some_rules()
    assert rank(a_head(rules.team.people[0].addresses[0]), rules) is Rank.KNOWN
    assert rank(a_head("bea@client.example"), rules) is Rank.KNOWN


def order(heads: dict[str, Head], rules: Rules | None = None, acquainted: Acquainted = ACQUAINTED) -> list[str]:
    line = Line(rules=rules or some_rules())
    places = {name: line.place(head, acquainted) for name, head in heads.items()}
    return sorted(places, key=lambda name: (places[name].rank, places[name].turn))


def test_a_domain_with_many_mails_has_one_turn_where_a_domain_with_one_has_one() -> None:
    flood = {f"flood {number}": a_head(f"x{number}@victim.example") for number in range(9)}
    later = {"honest": a_head("a@b.example"), "honest too": a_head("c@d.example")}
    assert order({**flood, **later})[:5] == ["flood 0", "flood 1", "flood 2", "honest", "honest too"]


def test_the_second_mail_of_an_honest_domain_waits_for_no_bomb_of_a_thousand_domains() -> None:
    from_one_host = "Received: from x ([198.51.100.7]) by mx"
    bomb = {f"bomb {number}": a_head(f"x@v{number}.example", from_one_host) for number in range(9)}
    ours = "Received: from out ([192.0.2.1]) by mx"
    honest = {"first": a_head("a@b.example", ours), "second": a_head("a@b.example", ours)}
    assert order({**bomb, **honest})[:4] == ["bomb 0", "first", "bomb 1", "second"]


def test_whoever_signs_for_many_subdomains_has_one_turn_for_all_of_them() -> None:
    signed = "Authentication-Results: mx.acme.example; dkim=pass header.d={0}; dkim=pass header.d={1}"
    bomb = {
        f"bomb {number}": a_head(f"x@s{number}.evil.example", signed.format("evil.example", f"s{number}.evil.example"))
        for number in range(9)
    }
    honest = {"honest": a_head("a@b.example", signed.format("b.example", "mailer.example"))}
    rules = some_rules(trust=TRUST)
    assert {find_rank(head, rules, ACQUAINTED) for head in (bomb | honest).values()} == {Rank.VOUCHED}
    assert order(bomb | honest, rules)[:4] == ["bomb 0", "bomb 1", "bomb 2", "honest"]


def test_among_random_domains_who_came_through_the_busy_network_comes_later() -> None:
    from_one_host = "Received: from x ([198.51.100.7]) by mx"
    flood = {f"flood {number}": a_head(f"x@v{number}.example", from_one_host) for number in range(5)}
    honest = {"honest": a_head("a@b.example", "Received: from out ([192.0.2.1]) by mx")}
    assert order({**flood, **honest})[:2] == ["flood 0", "honest"]


def test_people_of_freemail_and_known_clients_take_turns_each_for_themselves() -> None:
    policy = a_policy(limits=ReplyLimits(freemail=("mail.example",)))
    freemail = {f"flood {number}": a_head("x@mail.example") for number in range(9)} | {
        "honest": a_head("y@mail.example")
    }
    assert order(freemail, some_rules(policy=policy)).index("honest") == 3
    known = Acquainted(authors={"bea@client.example", "ben@client.example"})
    forged = {f"forged {number}": a_head("bea@client.example") for number in range(9)}
    assert order({**forged, "ben": a_head("ben@client.example")}, acquainted=known).index("ben") == 3


def test_a_list_of_ours_names_the_author_whom_nothing_vouches_for() -> None:
    rules = some_rules(trust=TRUST)
    listed = Head(
        authors=("group@lists.example",),
        reply_to=("bea@client.example",),
        network=None,
        authentication=("mx.acme.example; dmarc=pass header.from=client.example",),
        headers=(),
    )
    rules = replace(rules, desk=replace(rules.desk, own_lists=("group@lists.example",)))
    assert find_rank(listed, rules, ACQUAINTED) is Rank.KNOWN


def test_every_rank_has_its_share_and_what_one_leaves_goes_to_the_others() -> None:
    many = {rank: [(rank, number) for number in range(50)] for rank in Rank}
    chosen = share_out(many, 50)
    assert [sum(rank is each for rank, _ in chosen) for each in Rank] == [20, 14, 10, 6]
    assert chosen[:2] == [(Rank.EXPECTED, 0), (Rank.EXPECTED, 1)]
    alone = share_out({Rank.UNKNOWN: list(range(90))}, 50)
    assert alone == list(range(50))
    two = share_out({Rank.VOUCHED: [-1], Rank.UNKNOWN: range(90)}, 50)
    assert two == [-1, *range(49)]
    nine = {rank: [(rank, number) for number in range(9)] for rank in Rank}
    assert sorted(rank for rank, _ in share_out(nine, 5)) == [0, 0, 1, 2, 3]
    assert len(share_out(nine, 3)) == 3


def test_large_mails_of_one_rank_take_no_octets_of_another() -> None:
    def shared(waiting: dict[Rank, list[tuple[int, int]]]) -> list[int]:
        chosen = share_out(waiting, 50, octets_of=lambda mail: mail[1], most_octets=1_000)
        return [number for number, _ in chosen]

    small = [(number, 10) for number in range(100, 106)]
    large = [(number, 900) for number in range(50)]
    assert shared({Rank.EXPECTED: large, Rank.UNKNOWN: small}) == [0, *range(100, 106)]
    assert shared({Rank.KNOWN: large[:9], Rank.UNKNOWN: [*large[9:], *small]}) == [0, 9, *range(100, 105)]
    assert shared({Rank.EXPECTED: [(0, 300), (1, 300), (2, 50)]}) == [0, 1, 2], (
        "the first does not count, and the rest is nobody's"
    )
    assert shared({Rank.UNKNOWN: [(0, 5_000), *small]}) == [0, *range(100, 105)]


def test_whoever_waits_longest_is_among_the_first_whose_turn_it_is() -> None:
    assert line_up([5, 6, 1, 7], 1) == [1, 5, 6, 7]
    assert line_up([5, 6], 1) == [1, 5, 6]


def test_tokens_are_looked_for_in_no_more_than_a_few_places() -> None:
    heads = [
        a_head("a@b.example", *(f"To: t1.{'a' * 13}{letter}@x.example" for letter in "abcdefghijklmnopqrstuvwxyz"))
    ]
    assert len(list(all_tokens(heads, some_rules()))) == 20


def test_a_flood_that_never_ends_fills_no_memory_and_its_busiest_domain_stays_at_the_end() -> None:
    line = Line(rules=some_rules(), most_names=100)
    places = {}
    for number in range(1_000):
        line.place(a_head(f"x@v{number}.example"), Acquainted())
        places[number] = line.place(a_head("x@victim.example"), Acquainted())
        assert len(line.given) <= 100
    assert places[999].turn > places[500].turn > line.place(a_head("ann@honest.example"), Acquainted()).turn
