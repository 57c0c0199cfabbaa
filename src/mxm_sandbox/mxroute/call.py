"""One request to the MXroute part, and what a handler gives back."""

from dataclasses import dataclass, field
from typing import Any

from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.mxroute.errors import invalid
from mxm_sandbox.wire import Wire, parse_object


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: a status and the data that go into the envelope."""

    data: Any = None
    status: int = 200
    bare: bool = False


NO_CONTENT = Reply(status=204)


@dataclass(slots=True)
class Call:
    """A request with the settings and the time of its arrival."""

    wire: Wire
    config: SandboxConfig
    now: float
    params: dict[str, str] = field(default_factory=dict)
    txt_values: list[str] = field(default_factory=list)

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.wire.method

    @property
    def headers(self) -> dict[str, str]:
        """The headers, names in lower case."""
        return self.wire.headers

    def body(self) -> dict[str, Any]:
        """The JSON object of the request. Raises a 400 when it is something else."""
        parsed = parse_object(self.wire.raw_body)
        if parsed is None:
            raise invalid("Request body must be a JSON object")
        return parsed
