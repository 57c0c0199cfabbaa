"""Rules for misbehaviour: which request goes wrong, how, and how often.

A rule is data, so that the control port, a command line and a test all say the same thing. Carrying a rule out is the
work of `misbehaviour`.
"""

import random
import re
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mxm_sandbox.randomness import derive
from mxm_sandbox.rulebook import RuleBook, check_pattern

Upstream = Literal["mxroute", "cloudflare"]
FaultKind = Literal[
    "status",
    "status_after_effect",
    "stall",
    "stall_after_effect",
    "lose_answer",
    "drop",
    "html",
    "html_after_effect",
    "half_body",
    "garbage",
    "garbage_after_effect",
    "wrong_envelope",
    "slow_body",
]
_DELAYED: frozenset[FaultKind] = frozenset({"stall", "stall_after_effect", "slow_body"})
_WITH_STATUS: frozenset[FaultKind] = frozenset({"status", "status_after_effect"})


class FaultMatch(BaseModel):
    """Which requests a rule is about; an empty match is about all of MXroute's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # MXroute unless said otherwise: rules are older than the second upstream.
    upstream: Upstream = Field(default="mxroute", description="whose requests: mxroute or cloudflare")
    method: str | None = Field(default=None, description="HTTP method, any case; none matches every method")
    path: str | None = Field(default=None, description="regular expression searched for in the decoded path")

    _compiles = field_validator("path")(check_pattern)

    def fits(self, method: str, path: str, upstream: Upstream) -> bool:
        """Whether a request of this method and decoded path to this upstream is meant."""
        if self.upstream != upstream:
            return False
        if self.method is not None and self.method.upper() != method.upper():
            return False
        return self.path is None or re.search(self.path, path) is not None


class Fault(BaseModel):
    """One rule. Kinds that apply the request first: every `…_after_effect`, `lose_answer`, `half_body`,
    `wrong_envelope`, `slow_body`; `stall` applies it afterwards; the others never do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind = Field(description="what goes wrong")
    match: FaultMatch = Field(default=FaultMatch(), description="which requests it happens to")
    status_code: int | None = Field(default=None, ge=200, le=599, description="HTTP status to answer with")
    code: str | None = Field(default=None, description="error code in the envelope; by default that of the status")
    message: str | None = Field(default=None, description="error message in the envelope")
    retry_after_seconds: int | None = Field(default=None, ge=0, description="Retry-After header, in seconds")
    delay_seconds: float | None = Field(
        default=None, ge=0, description="length of a stall or of a slow body, in seconds"
    )
    times: int | None = Field(default=None, ge=1, description="how often it happens; none is for ever")
    probability: float = Field(default=1.0, ge=0, le=1, description="chance that it happens to a matching request")
    after: int = Field(default=0, ge=0, description="matching requests that are spared first")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind in _DELAYED and self.delay_seconds is None:
            raise ValueError(f"a fault of kind {self.kind} needs delay_seconds")
        if self.kind in _WITH_STATUS and self.status_code is None:
            raise ValueError(f"a fault of kind {self.kind} needs status_code")
        if self.kind in _WITH_STATUS and self.status_code in {204, 304}:
            raise ValueError("a status fault carries a body, which 204 and 304 cannot")
        return self


class FaultBook:
    """The rules in force, with how often each has matched and happened."""

    def __init__(self, faults: Sequence[Fault], seed: int) -> None:
        # A sequence for each upstream: how busy one is must not change what happens at the other.
        chance: dict[Upstream, random.Random] = {
            "mxroute": derive(seed, "faults"),
            "cloudflare": derive(seed, "faults", "cloudflare"),
        }
        self._rules = RuleBook(faults, lambda fault: chance[fault.match.upstream])

    def pick(self, method: str, path: str, upstream: Upstream) -> Fault | None:
        """The first rule that happens to this request, counted as happened."""
        return self._rules.pick(lambda fault: fault.match.fits(method, path, upstream))
