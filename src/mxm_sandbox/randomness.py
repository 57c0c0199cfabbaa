"""Chance that can be repeated: every random sequence of the sandbox is derived from one seed and a purpose.

Two sandboxes with the same seed draw the same latencies, keys and fault decisions, and one purpose never disturbs
the sequence of another.
"""

import random


def derive(seed: int, *purpose: str) -> random.Random:
    """A generator of its own for `purpose`; the same arguments always give the same sequence."""
    return random.Random(":".join([str(seed), *purpose]))
