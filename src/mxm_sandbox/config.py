"""What can be set on a sandbox. The same keys serve the constructor, the control port and the command line."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mxm_sandbox.faults import Fault

FIXED_AT_START = frozenset({"seed", "world"})


class ConfigError(ValueError):
    """A setting that does not exist, cannot hold that value, or cannot change while the sandbox runs."""


class SandboxConfig(BaseModel):
    """Settings of one sandbox; units are part of the names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = Field(default="sandbox.mxrouting.net", description="mail server host name, the X-Server header")
    username: str = Field(default="sandbox", description="account name, the X-Username header")
    api_key: str = Field(default="sandbox-key", min_length=1, description="the X-API-Key header")
    seed: int = Field(default=1, description="start of every random sequence; fixed at start")
    world: Literal["demo", "empty"] = Field(default="demo", description="what the account holds; fixed at start")

    limits_enabled: bool = Field(default=True, description="off: nothing is refused and the headers show a huge limit")
    read_limit: int = Field(default=100, ge=0, description="GET requests allowed per window and account")
    write_limit: int = Field(default=20, ge=0, description="other requests allowed per window and account")
    limit_window_seconds: float = Field(default=60.0, gt=0, description="length of a rate limit window, in seconds")
    rate_limit_headers: bool = Field(default=True, description="off: answers carry no X-RateLimit headers")
    latency_ms_min: float = Field(default=0.0, ge=0, description="shortest time before any work, in milliseconds")
    latency_ms_max: float = Field(default=0.0, ge=0, description="longest time before any work, in milliseconds")

    limit_with_password: Literal["never", "always", "sometimes"] = Field(
        default="sometimes",
        description="whether a new daily send limit holds when a password comes with it; sometimes: every third time",
    )
    quota_enveloped: bool = Field(default=True, description="off: /quota and /quota/email answer bare, as documented")
    quota_live: bool = Field(default=False, description="on: quota figures are those of this moment, not hourly old")
    quota_refresh_seconds: float = Field(default=3600.0, gt=0, description="age at which quota figures are renewed")
    quota_lists_empty: bool = Field(default=True, description="off: /quota/email leaves out mailboxes of 0 bytes")
    account_quota_mb: int = Field(default=102_400, ge=0, description="storage of the account in MB (0 = unlimited)")
    max_email_accounts: int | None = Field(default=None, ge=0, description="mailboxes allowed, none = unlimited")
    verification_key_available: bool = Field(default=True, description="off: VERIFICATION_KEY_NOT_FOUND")
    spam_state: Literal["ok", "busy", "unavailable", "unverified"] = Field(
        default="ok",
        description="busy: writes 503; unavailable: everything 500; unverified: everything 403 (spam routes only)",
    )
    reseller: bool = Field(default=False, description="whether the account has the reseller right")
    log_max_entries: int = Field(default=50_000, ge=1, description="requests kept in the log; the oldest go first")
    faults: tuple[Fault, ...] = Field(default=(), description="rules for misbehaviour; the first that fits happens")

    @model_validator(mode="after")
    def _latency_is_a_range(self) -> Self:
        if self.latency_ms_max < self.latency_ms_min:
            raise ValueError("latency_ms_max is below latency_ms_min")
        return self

    def changed(self, changes: Mapping[str, Any]) -> "SandboxConfig":
        """A config with `changes` applied. Raises ConfigError that names what is wrong."""
        fixed = sorted(FIXED_AT_START & changes.keys())
        if fixed:
            raise ConfigError(f"fixed when the sandbox starts: {', '.join(fixed)}")
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        try:
            return SandboxConfig.model_validate({**kept, **changes})
        except ValidationError as error:
            raise ConfigError(explain(error)) from error


def explain(error: ValidationError) -> str:
    """One line that names every unknown key and every bad value."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    unknown = [_where(item["loc"]) for item in details if item["type"] == "extra_forbidden"]
    wrong = [f"{_where(item['loc'])}: {item['msg']}" for item in details if item["type"] != "extra_forbidden"]
    return "; ".join([f"unknown keys: {', '.join(unknown)}"] * bool(unknown) + wrong)


def _where(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "body"
