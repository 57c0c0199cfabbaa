"""One request to the Cloudflare part, and what a handler gives back."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from mxm_sandbox.cloudflare.errors import bad
from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.wire import Wire, parse_object


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers; lists come with `info` about their pages."""

    result: Any
    info: dict[str, int] | None = None
    messages: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class Call:
    """A request with the settings and the time of its arrival (Unix seconds)."""

    wire: Wire
    config: SandboxConfig
    now: float
    params: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The JSON object of the request. Raises a 400 when it is something else."""
        parsed = parse_object(self.wire.raw_body)
        if parsed is None:
            raise bad(9207, "Request body is invalid.")
        return parsed

    def query(self) -> dict[str, str]:
        """The query parameters; of one that comes twice the last counts."""
        return dict(parse_qsl(self.wire.query, keep_blank_values=True))
