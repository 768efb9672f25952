"""The queue: who waits on a server, and who comes next."""

from maild.process.rank import Rank
from maild.process.waiting.queue import Queue
from maild.process.waiting.turns import Place


def a_queue(*turns: int, rank: Rank = Rank.UNKNOWN, first: int = 1) -> Queue:
    queue = Queue()
    queue.add({first + number: Place(rank=rank, turn=turn) for number, turn in enumerate(turns)})
    return queue


def test_those_come_next_whose_turn_it_is_and_before_them_whoever_waits_longest() -> None:
    assert a_queue(9, 3, 1, 2).next(3) == [1, 3, 4]


def test_who_comes_next_waits_until_they_are_removed() -> None:
    queue = a_queue(9, 3, 1, 2)
    assert queue.next(3) == queue.next(3)
    queue.remove([1, 3])
    assert queue.next(3) == [2, 4]
    assert queue.oldest() == 2
    queue.keep_only({4})
    assert (queue.next(3), queue.oldest()) == ([4], 4)
    queue.clear()
    assert (queue.next(3), queue.oldest()) == ([], None)


def test_who_left_and_came_again_is_there_once_in_the_place_given_last() -> None:
    queue = a_queue(1, 2, 3)
    queue.remove([1, 3])
    queue.add({1: Place(rank=Rank.UNKNOWN, turn=1), 3: Place(rank=Rank.KNOWN, turn=0)})
    assert queue.next(9) == [3, 1, 2]
    queue.add({1: Place(rank=Rank.EXPECTED, turn=0)})
    assert queue.next(9) == [3, 1, 2], "who waits keeps their place"


def test_every_rank_has_its_share() -> None:
    queue = a_queue(*range(100))
    queue.add({number: Place(rank=Rank.EXPECTED, turn=number) for number in range(200, 300)})
    chosen = queue.next(50)
    assert chosen[:20] == list(range(200, 220))
    assert len([number for number in chosen if number < 200]) == 6
