"""Rules for misbehaviour of the DNS server: which question goes wrong, how, and how often."""

import re
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mxm_sandbox.randomness import derive
from mxm_sandbox.rulebook import RuleBook, check_pattern

Transport = Literal["udp", "tcp"]
DnsFaultKind = Literal["servfail", "refused", "silence", "delay", "nxdomain", "lame", "garbage"]


class DnsFault(BaseModel):
    """One rule. `delay` is the real answer, late; the others are instead of it, and may be late as well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: DnsFaultKind = Field(description="what goes wrong; lame: the server does not know the zone it is to serve")
    name: str | None = Field(default=None, description="regular expression searched for in the name, lower case")
    type: str | None = Field(default=None, description="regular expression for the whole type, such as MX|TXT")
    transport: Transport | None = Field(default=None, description="udp or tcp only; none is both")
    delay_ms: float = Field(default=0.0, ge=0, description="time before the answer, in milliseconds")
    times: int | None = Field(default=None, ge=1, description="how often it happens; none is for ever")
    probability: float = Field(default=1.0, ge=0, le=1, description="chance that it happens to a matching question")
    after: int = Field(default=0, ge=0, description="matching questions that are spared first")

    _compiles = field_validator("name", "type")(check_pattern)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "delay" and self.delay_ms == 0:
            raise ValueError("a fault of kind delay needs delay_ms")
        return self

    def fits(self, name: str, record_type: str, transport: Transport) -> bool:
        """Whether this question is meant."""
        return (
            (self.transport is None or self.transport == transport)
            and (self.name is None or re.search(self.name, name) is not None)
            and (self.type is None or re.fullmatch(self.type, record_type, re.IGNORECASE) is not None)
        )


def dns_fault_book(faults: Sequence[DnsFault], seed: int) -> RuleBook[DnsFault]:
    """The rules in force."""
    chance = derive(seed, "dns faults")
    return RuleBook(faults, lambda _: chance)
