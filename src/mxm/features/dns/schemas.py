"""What goes in and out of the DNS routes."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from mxm.platform.envelope import Input, Output, example, optional
from mxm.upstreams.cloudflare import Zone


class Key(StrEnum):
    """The checks of a domain's mail DNS, which are also the things that can be repaired."""

    MX = "mx"
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    VERIFICATION = "verification"
    MAIL = "mail"
    WEBMAIL = "webmail"


class Replaceable(StrEnum):
    """Where a repair may take the place of what somebody else published, when told to."""

    MX = "mx"
    DKIM = "dkim"
    MAIL = "mail"
    WEBMAIL = "webmail"


class Status(StrEnum):
    """How a check stands."""

    PASS = "pass"  # noqa: S105 - a status
    WARN = "warn"
    FAIL = "fail"
    PENDING = "pending"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class Overall(StrEnum):
    """How a domain stands."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"
    PENDING = "pending"
    SKIPPED = "skipped"


class Check(Output):
    """One check. `unknown` means that it could not be looked up; nothing follows from that."""

    status: Status
    label: str = Field(examples=["SPF"])
    expected: list[str] = Field(examples=[["v=spf1 include:mxroute.com -all"]])
    found: list[str] = Field(examples=[["v=spf1 ip4:203.0.113.7 ~all"]])
    message: str = Field(examples=["MXroute may not send for this domain: include:mxroute.com is missing."])
    expected_host: str | None = optional("The host that a name should lead to.", examples=["eagle.mxlogin.com"])
    lookups: int | None = optional("SPF: DNS look-ups that evaluating the record takes, of ten allowed.")
    void_lookups: int | None = optional("SPF: look-ups that find nothing, of two allowed.")
    certificate: Literal["covers", "does_not_cover", "unreachable"] | None = optional(
        "Whether the certificate that is presented there covers the name."
    )


class Checks(Output):
    """All checks of a domain."""

    mx: Check
    spf: Check
    dkim: Check
    dmarc: Check
    verification: Check
    mail: Check
    webmail: Check

    def items(self) -> list[tuple[Key, Check]]:
        """Each with its key."""
        return [(key, getattr(self, key.value)) for key in Key]


class Health(Output):
    """A domain's mail DNS, looked up live."""

    domain: str = Field(examples=["example.com"])
    overall: Overall
    checks: Checks
    dmarc_policy: str = Field(description="The policy that is wanted: the domain's own or the default.")
    mail_hosting_enabled: bool | None
    mxroute_reachable: bool
    cf_configured: bool
    checked_at: datetime


class ZoneOut(Output):
    """The Cloudflare zone that holds a domain."""

    name: str = Field(examples=["example.com"])
    status: str = Field(examples=["active"])
    name_servers: list[str] = Field(description="To be set at the registrar while the zone is pending.")

    @classmethod
    def of(cls, zone: Zone) -> "ZoneOut":
        """The zone as it is shown."""
        return cls(name=zone.name, status=zone.status, name_servers=list(zone.name_servers))


class SetupHealth(Health):
    """The same, also for a domain that is not on MXroute yet."""

    on_mxroute: bool | None
    zone: ZoneOut | None = Field(description="Null: no zone of the Cloudflare account holds it, or none is configured.")
    zone_known: bool = Field(description="False: Cloudflare did not tell, so a null zone says nothing.")


class ExpectedRecord(Output):
    """A record to publish. `name` is relative to the domain, as MXroute gives it; `fqdn` is the whole name."""

    type: str = Field(examples=["TXT"])
    name: str = Field(examples=["_dmarc"])
    fqdn: str = Field(examples=["_dmarc.example.com"])
    value: str = Field(examples=["v=DMARC1; p=none;"])
    description: str | None = optional("MXroute's own words.")


class ExpectedMx(Output):
    """One mail exchanger to publish."""

    priority: int | None = Field(examples=[10])
    hostname: str | None = Field(examples=["eagle.mxlogin.com"])
    description: str | None = optional("MXroute's own words.")


class ExpectedDns(Output):
    """The records that MXroute expects, and our DMARC policy."""

    domain: str = Field(examples=["example.com"])
    mx_records: list[ExpectedMx]
    spf: ExpectedRecord | None
    dkim: ExpectedRecord | None
    verification: ExpectedRecord | None
    dmarc: ExpectedRecord


class RecordOut(Output):
    """One record of a record set. TXT content is the joined, unquoted text."""

    content: str = Field(examples=["eagle.mxlogin.com"])
    ttl: int = Field(description="Seconds; 1 = automatic.", examples=[1])
    priority: int | None = optional("Of an MX record.", examples=[10])
    proxied: bool | None = optional("Whether Cloudflare stands in front.")
    comment: str | None = optional("Cloudflare's private comment.")


class Change(Output):
    """One record set before and after."""

    action: Literal["create", "update", "delete"]
    key: str = Field(examples=["spf"])
    type: str = Field(examples=["TXT"])
    name: str = Field(examples=["example.com"])
    before: list[RecordOut]
    after: list[RecordOut]
    reason: str


class ConflictOut(Output):
    """Something that a repair leaves alone, and why."""

    key: Key
    type: str = Field(examples=["MX"])
    name: str = Field(examples=["example.com"])
    found: list[str]
    reason: str
    replace: Replaceable | None = optional("Name this in `replace` to have it replaced.")


_FINGERPRINT = Field(
    description="Stands for what is shown here. Hand it back with the write to have that done or nothing.",
    examples=["8c6976e5b5410415bde908bd4dee15df"],
)


class PlanOut(Output):
    """What a repair would do. Nothing was changed."""

    domain: str
    zone: ZoneOut
    changes: list[Change]
    conflicts: list[ConflictOut]
    unchanged: list[Key]
    notes: dict[str, str] = Field(description="For each key that is left unchanged, why.")
    fingerprint: str = _FINGERPRINT


Fingerprint = Annotated[
    str, Field(max_length=64, description="Of what was shown: refused (409) when it changed since.")
]
Keys = Annotated[list[Annotated[Key, Field(strict=False)]], Field(max_length=20)]
Replaceables = Annotated[list[Annotated[Replaceable, Field(strict=False)]], Field(max_length=20)]


class FixIn(Input):
    """What to repair; without `records` whatever is at warn or fail, but never webmail."""

    model_config = example({"records": ["webmail"]})

    records: Keys | None = None
    replace: Replaceables | None = None
    dry_run: bool = Field(False, description="True: only say what would be done.")
    fingerprint: Fingerprint | None = None


class FixOut(Output):
    """What a repair did."""

    fixed: list[Key]
    skipped: list[Key]
    conflicts: list[ConflictOut]
    steps: list[str] = Field(examples=[["Created TXT example.com: v=spf1 include:mxroute.com -all"]])
    changes: list[Change]
    fix_id: str | None = Field(None, description="Of the changes, to revert them together; null without changes.")
    dry_run: bool = False
    fingerprint: str = _FINGERPRINT


class ChangeOut(Change):
    """A change that was made."""

    id: str = Field(examples=["17"])
    fix_id: str = Field(description="The repair that it was part of; its id reverts the whole.")
    created_at: datetime
    created_by: str = Field(examples=["token:repair bot"])
    request_id: str
    reverts: str | None = Field(description="The change that this one undid.")
    reverted_by: str | None = Field(description="The repair that undid it.")


class RevertPlanOut(Output):
    """What undoing would do. Nothing was changed."""

    reverts: list[str] = Field(description="Ids of the changes that would be undone; none: they all were already.")
    changes: list[Change]
    fingerprint: str = _FINGERPRINT


class RevertIn(Input):
    """Nothing is needed."""

    model_config = example({})

    fingerprint: Fingerprint | None = None


class RevertOut(Output):
    """What was undone."""

    fix_id: str = Field(description="Of the changes that undo; it can be reverted as well.")
    reverted: list[str] = Field(description="Ids of the changes that were undone.")
    changes: list[Change]
    steps: list[str]


class DmarcPolicyIn(Input):
    """The domain's own policy; null or blank clears it."""

    model_config = example({"dmarc_record": "v=DMARC1; p=reject; sp=reject; aspf=r;"})

    dmarc_record: Annotated[str, Field(max_length=2000)] | None
    fingerprint: Fingerprint | None = None


class DmarcPolicyOut(Output):
    """The policy that is wanted. A repair publishes it."""

    custom: bool
    custom_value: str | None
    default: str
    effective: str
    fingerprint: str = _FINGERPRINT


class CloudflareStatus(Output):
    """Whether Cloudflare can be used."""

    configured: bool
    token_valid: bool | None = optional("Only with `check=true`.")
    message: str | None = optional("What is wrong, if anything.")
    zones: list[ZoneOut] | None = optional("Zones that the token can see; only with `check=true`.")


class BulkFixIn(Input):
    """Which domains to repair, and what of them; without `domains` all of the account."""

    model_config = example({"only_unhealthy": True})

    domains: Annotated[list[Annotated[str, Field(min_length=1, max_length=253)]], Field(max_length=2000)] | None = None
    records: Keys | None = None
    only_unhealthy: bool = Field(False, description="True: only domains with a check that a repair can mend.")
    wait: bool = Field(True, description="False: answer at once with the job.")


class DomainFixed(Output):
    """What became of one domain of a bulk repair."""

    success: bool
    fixed: list[Key] | None = optional("Left out when it failed.")
    skipped: list[Key] | None = optional("Left out when it failed.")
    conflicts: list[ConflictOut] | None = optional("Left out when it failed.")
    steps: list[str] | None = optional("Left out when it failed.")
    error: str | None = optional("Why it failed.")


class BulkFixOut(Output):
    """What became of each domain."""

    domains: list[str]
    results: dict[str, DomainFixed]
