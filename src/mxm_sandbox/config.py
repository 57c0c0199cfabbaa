"""What can be set on a sandbox. The same keys serve the constructor, the control port and the command line."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from mxm_sandbox.dns.faults import DnsFault
from mxm_sandbox.dns.loopback import loopback4
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

    cloudflare_token: str = Field(default="sandbox-cloudflare-token", min_length=1, description="the bearer token")
    cloudflare_token_state: Literal["valid", "invalid", "expired", "no_permission", "read_only"] = Field(
        default="valid", description="what the token is good for; no_permission: neither zones nor records"
    )
    cloudflare_token_kind: Literal["user", "account"] = Field(
        default="user", description="whose token it is, which decides where it can be verified"
    )
    cloudflare_account_id: str = Field(
        default="f1d0a1f1d0a1f1d0a1f1d0a1f1d0a1f1", pattern="^[0-9a-f]{32}$", description="identifier of the account"
    )
    cloudflare_account_name: str = Field(default="Sandbox account", description="name of the account")
    cloudflare_limit_requests: int = Field(default=1200, ge=0, description="requests allowed per window and user")
    cloudflare_limit_window_seconds: float = Field(default=300.0, gt=0, description="length of a window, in seconds")
    cloudflare_block_seconds: float = Field(default=300.0, gt=0, description="how long one is blocked over the limit")
    cloudflare_batch_max: int = Field(default=200, ge=1, description="changes allowed in one batch of records")
    cloudflare_activation_seconds: float | None = Field(
        default=None,
        ge=0,
        description="time until a new zone, or one whose check was asked for, is active; none: by control only",
    )
    cloudflare_latency_ms_min: float = Field(default=0.0, ge=0, description="shortest time before any work, in ms")
    cloudflare_latency_ms_max: float = Field(default=0.0, ge=0, description="longest time before any work, in ms")

    dns_propagation_seconds: float = Field(default=0.0, ge=0, description="time until a change is seen in public DNS")
    dns_udp_max_bytes: int = Field(default=1232, ge=512, le=65_000, description="longest answer on UDP, with EDNS")
    dns_truncate_udp: bool = Field(default=False, description="on: every answer on UDP is cut, to be asked for on TCP")
    dns_mail_address: str = Field(default="127.0.0.1", description="loopback address of the mail server host names")
    dns_faults: tuple[DnsFault, ...] = Field(default=(), description="rules for DNS; the first that fits happens")

    log_max_entries: int = Field(default=50_000, ge=1, description="requests kept in the log; the oldest go first")
    faults: tuple[Fault, ...] = Field(default=(), description="rules for misbehaviour; the first that fits happens")

    @model_validator(mode="after")
    def _latency_is_a_range(self) -> Self:
        if self.latency_ms_max < self.latency_ms_min:
            raise ValueError("latency_ms_max is below latency_ms_min")
        if self.cloudflare_latency_ms_max < self.cloudflare_latency_ms_min:
            raise ValueError("cloudflare_latency_ms_max is below cloudflare_latency_ms_min")
        return self

    @field_validator("dns_mail_address")
    @classmethod
    def _stays_here(cls, value: str) -> str:
        if loopback4(value) != value:
            raise ValueError("must be an address of 127.0.0.0/8")
        return value

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
