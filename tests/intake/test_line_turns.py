"""The line when many wait: honest people are taken in before the rest of a flood, and nobody is forgotten."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from maild.intake.ahead import SUSPECT_ATTEMPTS, Group
from maild.intake.line import Intake
from maild.intake.turns import Turns
from maild.mail.pool import ParsingPool
from maild.process.rank import Rank
from maild.process.rules import Rules
from maild.process.trust import TrustMethod
from maild.process.waiting.turns import Acquainted, Place
from maild.store.database.clock import clock_plus
from maild.store.engine import Connection, Store
from maild.store.incoming import waiting
from maild.store.incoming.turns import claim_in_turn, find_acquainted, write_places
from maild.store.tables import mails as table
from tests.stories.letters import a_letter
from tests.support.intakes import an_intake, lay_down, look, read_group
from tests.support.making import NOON, some_rules
from tests.support.relays import CLIENT, Relaying, an_answer, text_of

TRUST = TrustMethod(method="authserv_id", value="mx.acme.example")
GROUP = 5
LEASE = timedelta(minutes=2)
LONG_AGO = NOON - timedelta(days=900)


def a_flood(many: int) -> list[bytes]:
    """Half in one domain's name, half each in another's, all from one host."""
    hop = "from x (x [198.51.100.7]) by mx.acme.example; Mon, 23 Nov 2026 12:00:00 +0000"
    authors = (f"x{n}@victim.example" if n % 2 else f"x@v{n}.example" for n in range(many))
    return [a_letter(From=author, Subject=f"Offer {number}", Received=hop) for number, author in enumerate(authors)]


def vouched_for(author: str) -> bytes:
    domain = author.rpartition("@")[2]
    return a_letter(From=author, Authentication_Results=f"mx.acme.example; dmarc=pass header.from={domain}")


@pytest.fixture
def line(store: Store, pool: ParsingPool) -> Intake:
    """A line that takes turns when more than ten mails wait."""
    return replace(an_intake(store, pool, rules=some_rules(trust=TRUST)), group=GROUP)


def clients(store: Store) -> list[str]:
    """Authors of the tickets, in the order in which they were opened."""
    return [str(client) for (client,) in look(store, "SELECT client FROM tickets ORDER BY id")]


def test_honest_people_behind_a_flood_are_taken_in_before_the_rest_of_it(line: Intake) -> None:
    store = line.store
    lay_down(store, *a_flood(30), vouched_for("ann@honest.example"), a_letter(From="bob@fair.example"))
    line.take_in_all()
    opened = clients(store)
    assert len(opened) == 32
    # The first group comes before anybody knows that many wait, the next one is read while it is decided.
    assert opened.index("ann@honest.example") < 3 * GROUP
    assert opened.index("bob@fair.example") < 3 * GROUP
    assert opened[-GROUP:] == [author for author in opened if author.endswith("@victim.example")][-GROUP:]
    assert look(store, "SELECT count(*) FROM mails WHERE outcome IS NULL") == [(0,)]


def claim(store: Store, turns: Turns, holder: str = "one") -> list[int]:
    return [mail.id for mail in store.transact(lambda c: turns.claim(c, holder=holder, lease=LEASE))]


def test_what_comes_later_finds_its_place_and_what_was_given_back_keeps_it(store: Store) -> None:
    turns = Turns(rules=some_rules(trust=TRUST), group=GROUP)
    flood = lay_down(store, *a_flood(30))
    assert claim(store, turns) == flood[:GROUP]
    second = claim(store, turns)
    (late,) = lay_down(store, vouched_for("ann@honest.example"))
    assert late in claim(store, turns)
    store.transact(lambda connection: waiting.release_mails(connection, second))
    assert set(claim(store, turns)) == set(second)


def test_a_claim_that_dies_leaves_nobody_without_a_turn(store: Store) -> None:
    rules = some_rules(trust=TRUST)
    mails = lay_down(store, *a_flood(30), vouched_for("ann@honest.example"))
    turns = Turns(rules=rules, group=GROUP)
    claim(store, turns)

    def killed(connection: Connection) -> None:
        turns.claim(connection, holder="killed", lease=LEASE)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.transact(killed)
    assert look(store, "SELECT count(*) FROM mails WHERE turn IS NOT NULL") == [(0,)]
    assert mails[-1] in claim(store, turns, "the next")


def test_two_processes_share_a_flood_and_no_mail_is_anybodys_twice(store: Store) -> None:
    rules: Rules = some_rules(trust=TRUST)
    mails = lay_down(store, *a_flood(40), vouched_for("ann@honest.example"))
    both = [Turns(rules=rules, group=GROUP) for _ in range(2)]
    claimed: list[int] = []
    while got := [
        each for turns, holder in zip(both, ("one", "two"), strict=True) for each in claim(store, turns, holder)
    ]:
        claimed += got
    assert sorted(claimed) == mails
    assert claimed.index(mails[-1]) < 4 * GROUP


@pytest.fixture
def two(store: Store, pool: ParsingPool) -> tuple[Relaying, Intake, Intake]:
    """Two machines at one database, and a ticket whose TSM has its assignment."""
    first, second = (replace(an_intake(store, pool), holder=holder, group=1) for holder in ("one", "two"))
    desk = Relaying(intake=first)
    desk.take_in(a_letter())
    return desk, first, second


def answers(desk: Relaying) -> list[str]:
    return [text_of(mail).split(".")[0].splitlines()[-1] for mail in desk.sent("answer")]


def test_an_answer_does_not_overtake_the_one_before_it_on_another_machine(two: tuple[Relaying, Intake, Intake]) -> None:
    desk, first, second = two
    assigned = desk.sent("assignment")[0]
    lay_down(
        first.store,
        *(an_answer(assigned, body=words) for words in ("Restart it.\n", "Do not restart it.\n", "Wait.\n")),
    )
    slow = read_group(first)
    early = [arrival for _ in range(2) for arrival in second.decide(read_group(second))]
    assert (len(early), answers(desk)) == (2, [])
    assert second.decide(Group(arrivals=tuple(early), unreadable=())) == early
    first.decide(slow)
    assert second.decide(Group(arrivals=tuple(early), unreadable=())) == []
    assert answers(desk) == ["Restart it", "Do not restart it", "Wait"]


def test_a_line_goes_on_with_what_had_to_wait_once_its_turn_has_come(two: tuple[Relaying, Intake, Intake]) -> None:
    desk, first, second = two
    assigned = desk.sent("assignment")[0]
    lay_down(first.store, *(an_answer(assigned, body=words) for words in ("Restart it.\n", "Do not restart it.\n")))
    slow = read_group(first)
    quick = threading.Thread(target=second.take_in_all)
    quick.start()
    first.decide(slow)
    quick.join(60)
    assert answers(desk) == ["Restart it", "Do not restart it"]


def test_mails_of_others_do_not_wait_for_a_slow_one(two: tuple[Relaying, Intake, Intake]) -> None:
    desk, first, second = two
    lay_down(first.store, an_answer(desk.sent("assignment")[0], body="Restart it.\n"))
    slow = read_group(first)
    lay_down(
        first.store,
        a_letter(From="ann@honest.example"),
        an_answer(desk.sent("acknowledgement")[0], From=f"Bea <{CLIENT}>"),
    )
    second.take_in_all()
    assert (clients(second.store)[-1], answers(desk)) == ("ann@honest.example", [])
    assert len(look(second.store, "SELECT 1 FROM mails WHERE outcome IS NULL")) == 1
    first.decide(slow)
    assert answers(desk) == ["Restart it"]


def test_a_suspect_is_taken_in_alone_while_an_answer_waits_for_its_turn(two: tuple[Relaying, Intake, Intake]) -> None:
    desk, first, second = two
    store, assigned = first.store, desk.sent("assignment")[0]
    lay_down(store, *(an_answer(assigned, body=words) for words in ("Restart it.\n", "Do not restart it.\n")))
    slow = read_group(first)
    (suspect,) = lay_down(store, a_letter(From="ann@honest.example"))
    store.transact(lambda c: c.execute(update(table).where(table.c.id == suspect).values(attempts=SUSPECT_ATTEMPTS)))
    decided: list[object] = []

    def clock() -> datetime:
        """Asked when a decision begins."""
        decided.append(look(store, "SELECT id FROM mails WHERE outcome IS NULL AND lease_holder = 'two'"))
        return NOON

    replace(second, clock=clock).take_in_all(lambda: len(decided) == 2)
    assert decided == [[(suspect - 1,)], [(suspect,)]]
    assert look(store, "SELECT id, attempts, lease_holder FROM mails WHERE outcome IS NULL ORDER BY id") == [
        (suspect - 2, 1, "one"),
        (suspect - 1, 0, None),
    ]
    assert clients(store)[-1] == "ann@honest.example"
    first.decide(slow)
    second.take_in_all()
    assert answers(desk) == ["Restart it", "Do not restart it"]


def test_a_suspect_that_had_to_wait_itself_longer_than_its_lease_is_kept(two: tuple[Relaying, Intake, Intake]) -> None:
    desk, first, second = two
    assigned = desk.sent("assignment")[0]
    lay_down(first.store, *(an_answer(assigned, body=words) for words in ("Restart it.\n", "Do not restart it.\n")))
    read_group(first)
    early = second.decide(read_group(second))
    ended = update(table).where(table.c.id == early[0].mail_id)
    second.store.transact(lambda c: c.execute(ended.values(lease_until=LONG_AGO, attempts=SUSPECT_ATTEMPTS)).rowcount)
    (again,) = second.store.transact(lambda connection: second._claim(connection, is_first=True, early=early))
    assert again.id == early[0].mail_id
    assert look(second.store, f"SELECT lease_holder FROM mails WHERE id = {again.id}") == [("two",)]  # noqa: S608


def test_whoever_has_died_over_an_answer_keeps_the_next_one_waiting_for_its_lease_alone(
    two: tuple[Relaying, Intake, Intake],
) -> None:
    desk, first, second = two
    assigned = desk.sent("assignment")[0]
    lay_down(first.store, *(an_answer(assigned, body=words) for words in ("Restart it.\n", "Do not restart it.\n")))
    read_group(first)
    (waits,) = second.decide(read_group(second))
    first.store.transact(lambda connection: connection.execute(update(table).values(lease_until=LONG_AGO)))
    lease_anew(second, waits.mail_id)
    assert second.decide(Group(arrivals=(waits,), unreadable=())) == []
    assert answers(desk) == ["Do not restart it"]


def test_an_answer_that_is_claimed_anew_while_it_waits_is_decided_once(two: tuple[Relaying, Intake, Intake]) -> None:
    desk, first, second = two
    assigned = desk.sent("assignment")[0]
    lay_down(first.store, *(an_answer(assigned, body=words) for words in ("Restart it.\n", "Do not restart it.\n")))
    slow = read_group(first)
    (waits,) = second.decide(read_group(second))
    ended = update(table).where(table.c.id == waits.mail_id).values(lease_until=LONG_AGO)
    first.store.transact(lambda connection: connection.execute(ended))
    (again,) = read_group(second).arrivals
    first.decide(slow)
    assert second.decide(Group(arrivals=(waits, again), unreadable=())) == []
    assert answers(desk) == ["Restart it", "Do not restart it"]
    assert desk.sent("confirm") == []  # nobody asks whether it shall be said once more


def lease_anew(line: Intake, row: int) -> None:
    mine = {"lease_until": clock_plus(LEASE), "lease_holder": line.holder}
    line.store.transact(lambda connection: connection.execute(update(table).where(table.c.id == row).values(mine)))


def test_few_mails_are_taken_in_as_they_came_and_nobody_asks_who_wrote_them(store: Store) -> None:
    turns = Turns(rules=some_rules(trust=TRUST), group=GROUP)
    mails = lay_down(store, *a_flood(2 * GROUP - 1), vouched_for("ann@honest.example"))
    assert claim(store, turns) == mails[:GROUP]
    assert claim(store, turns) == mails[GROUP:]
    assert look(store, "SELECT count(*) FROM mails WHERE turn IS NOT NULL") == [(0,)]


def enlarge(store: Store, mails: list[int], octets: int = 20_000_000) -> None:
    """Let the mails be as large as that, as far as anybody asks."""
    store.transact(lambda c: c.execute(update(table).where(table.c.id.in_(mails)).values(size=octets)).rowcount)


def test_large_mails_of_those_who_are_vouched_for_keep_nobody_else_waiting(store: Store) -> None:
    turns = Turns(rules=some_rules(trust=TRUST), group=GROUP)
    large = lay_down(store, *(vouched_for(f"x@v{number}.example") for number in range(20)))
    stranger, last = lay_down(store, a_letter(From="bob@fair.example"), vouched_for("ann@honest.example"))
    enlarge(store, large)
    assert claim(store, turns) == large[:1]
    assert claim(store, turns) == [large[1], stranger]
    assert last in [mail for _ in range(20) for mail in claim(store, turns)]


def place(store: Store, mails: list[int], rank: Rank, turn: int) -> None:
    places = {mail: Place(rank=rank, turn=turn) for mail in mails}
    store.transact(lambda connection: write_places(connection, places))


def test_of_each_rank_whoever_waits_longest_is_taken_in_whatever_their_turn(store: Store) -> None:
    mails = lay_down(store, *a_flood(60))
    for start, rank in ((0, Rank.UNKNOWN), (30, Rank.KNOWN)):
        place(store, mails[start : start + 10], rank, 900)
        place(store, mails[start + 10 : start + 30], rank, 1)
    got = store.transact(lambda c: claim_in_turn(c, holder="me", lease=LEASE, limit=20))
    known, unknown = mails[30:], mails[:30]
    assert [mail.id for mail in got] == [known[0], *known[10:27], unknown[0], unknown[10]]


def test_a_mistake_in_placing_mails_leaves_them_to_be_taken_in_as_they_came(store: Store) -> None:
    turns = Turns(rules=some_rules(trust=TRUST), group=GROUP)
    mails = lay_down(store, *a_flood(30))
    claim(store, turns)
    turns.line.place = lambda *_: 1 / 0  # type: ignore[method-assign, assignment]
    assert claim(store, turns) == mails[GROUP : 2 * GROUP]
    assert look(store, "SELECT count(*) FROM mails WHERE turn IS NOT NULL") == [(0,)]


def test_an_author_whom_no_database_can_name_is_nobody_the_desk_knows(store: Store) -> None:
    with store.read() as connection:
        assert find_acquainted(connection, {"a\0@b.example", "\ud800@b.example"}, {"t\0", "\udfff"}) == Acquainted()


def test_who_was_left_without_a_place_is_looked_for_again(store: Store) -> None:
    turns = Turns(rules=some_rules(trust=TRUST), group=GROUP)
    mails = lay_down(store, *a_flood(180))
    lost = mails[60]
    claim(store, turns)
    claim(store, turns)
    store.transact(lambda c: c.execute(update(table).where(table.c.id == lost).values(turn=None, rank=None)).rowcount)
    assert lost in [mail for _ in range(25) for mail in claim(store, turns)]
