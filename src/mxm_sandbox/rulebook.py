"""How often a rule for misbehaviour happens: the counting that HTTP faults and DNS faults have in common."""

import random
import re
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar


class Rule(Protocol):
    """The fields that say how often."""

    @property
    def times(self) -> int | None: ...
    @property
    def probability(self) -> float: ...
    @property
    def after(self) -> int: ...


RuleT = TypeVar("RuleT", bound=Rule)


class RuleBook(Generic[RuleT]):
    """Rules in force, with how often each has matched and happened; `chance` gives the dice of a rule."""

    def __init__(self, rules: Sequence[RuleT], chance: Callable[[RuleT], random.Random]) -> None:
        self._rules, self._chance = tuple(rules), chance
        self._matched = [0] * len(self._rules)
        self._happened = [0] * len(self._rules)

    def pick(self, fits: Callable[[RuleT], bool]) -> RuleT | None:
        """The first rule that fits and happens, counted as happened."""
        for index, rule in enumerate(self._rules):
            if fits(rule) and self._happens(index, rule):
                return rule
        return None

    def _happens(self, index: int, rule: RuleT) -> bool:
        self._matched[index] += 1
        spent = rule.times is not None and self._happened[index] >= rule.times
        if spent or self._matched[index] <= rule.after:
            return False
        if rule.probability < 1 and self._chance(rule).random() >= rule.probability:
            return False
        self._happened[index] += 1
        return True


def check_pattern(value: str | None) -> str | None:
    """A field validator: the value must be a regular expression. Raises ValueError."""
    try:
        re.compile(value or "")
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return value
