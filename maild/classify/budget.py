"""Is the error budget broken? A bet against it that may be looked at after every answer of the audit sample."""

from collections.abc import Sequence

LEVEL = 0.05
"""How often the budget of a label that keeps it is called broken, however long one watches."""

STAKES = (0.05, 0.1, 0.2, 0.4)
"""Shares of the most that may be bet; small ones win against a budget that is broken a little, large ones soon."""

CARD_IS_NEVER = 1.01
_CLOSE_TO_NEVER = 0.995


def evidence(wrong: Sequence[bool], budget: float) -> float:
    """The most that a bet on "more than `budget` of the verdicts are wrong" has ever had, from a stake of 1.

    Each answer is a fair game at best while the budget holds, so that the wealth of the mixed bets ever reaches 1/level
    with a probability of at most `level` (Ville 1939; Waudby-Smith and Ramdas 2024, Estimating means of bounded random
    variables by betting, section 4). Unlike a fixed-sample test it may be asked after every answer. `budget`: 0 to 1,
    neither included.
    """
    wealth, most = [1.0] * len(STAKES), 1.0
    for is_wrong in wrong:
        gains = ((1 - budget) / budget if is_wrong else -1.0 for _ in STAKES)
        wealth = [each * (1 + stake * gain) for each, stake, gain in zip(wealth, STAKES, gains, strict=True)]
        most = max(most, sum(wealth) / len(wealth))
    return most


def is_broken(wrong: Sequence[bool], budget: float) -> bool:
    """Whether the answers show, at LEVEL, that more than `budget` of a label's verdicts are wrong."""
    if not 0 < budget < 1:
        return False
    return evidence(wrong, budget) >= 1 / LEVEL


def raised(threshold: float, answers: Sequence[tuple[float, bool]] = (), budget: float = 0.0) -> float:
    """The next threshold of a label whose budget is broken: half of the way that is left; at its end, never.

    `answers`: confidence, and whether it was wrong. Half of the way again and again, as long as those that would still be given
    show the budget to be broken: a step that leaves the wrong ones where they were is none.
    """
    least = threshold
    while True:
        halfway = (least + 1) / 2
        least = CARD_IS_NEVER if halfway > _CLOSE_TO_NEVER else round(halfway, 4)
        if not is_broken([is_wrong for confidence, is_wrong in answers if confidence >= least], budget):
            return least
