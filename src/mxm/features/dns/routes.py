"""DNS of a domain: `/api/domains/{domain}/dns…` and `/dmarc-policy`; and `/api/cloudflare/status`."""

from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import Query, Response

from mxm.features.dns.schemas import (
    BulkFixIn,
    BulkFixOut,
    ChangeOut,
    CloudflareStatus,
    DmarcPolicyIn,
    DmarcPolicyOut,
    ExpectedDns,
    FixIn,
    FixOut,
    Health,
    Key,
    PlanOut,
    Replaceable,
    RevertIn,
    RevertOut,
    RevertPlanOut,
    SetupHealth,
)
from mxm.features.dns.service import Dns, Order
from mxm.features.jobs.api import ACCEPTED, JobOut, Jobs, accepted
from mxm.platform.access.dependencies import AdminCaller, DnsOn, DnsViewOn
from mxm.platform.envelope import Meta, Ok
from mxm.platform.errors import FieldError, NotFound, ValidationFailed
from mxm.platform.web.readings import from_reading
from mxm.platform.web.routing import APIRouter, router

E = TypeVar("E", bound=StrEnum)
_WAIT_SECONDS = 50.0
_Listed = Annotated[list[str] | None, Query(max_length=20, description="One each, or separated by commas.")]


def routes(dns: Dns, jobs: Jobs) -> list[APIRouter]:
    """The feature's routes: on one domain, and on all of them."""
    api = router(tags=["DNS"])
    _reading(api, dns)
    _changing(api, dns)
    return [api, _account(dns, jobs)]


def _account(dns: Dns, jobs: Jobs) -> APIRouter:
    api = router(tags=["Cloudflare"], prefix="/api/cloudflare")

    @api.get("/status", summary="Can Cloudflare be used?")
    async def read_cloudflare_status(
        caller: AdminCaller,
        check: Annotated[bool, Query(description="True: ask Cloudflare about the token and its zones.")] = False,
    ) -> Ok[CloudflareStatus]:
        """Whether a token is set; with `check=true` whether it is valid, and the zones that it can see."""
        return Ok(data=await dns.cloudflare.status(check=check))

    @api.post(
        "/dns/fix-bulk",
        summary="Repair many domains",
        response_model=None,
        responses={200: {"model": Ok[BulkFixOut], "description": "What became of each domain."}, **ACCEPTED},
    )
    async def fix_bulk(caller: AdminCaller, body: BulkFixIn, response: Response) -> Ok[BulkFixOut] | Ok[JobOut]:
        """Each domain by itself: one that fails keeps no other from being repaired. Webmail only when it is named.

        A waiting call that takes longer than 50 s answers 202 with the job, which goes on.
        """
        job_id = await dns.bulk.start(caller, body)
        job = await jobs.wait(job_id, _WAIT_SECONDS if body.wait else 0)
        if not body.wait or job.finished_at is None or job.error is not None:
            return accepted(response, job)
        return Ok(data=BulkFixOut.model_validate(job.results))

    return api


def _reading(api: APIRouter, dns: Dns) -> None:
    base = "/api/domains/{domain}"

    @api.get(f"{base}/dns", summary="Records to publish")
    async def read_dns(access: DnsViewOn) -> Ok[ExpectedDns]:
        """What MXroute expects in public DNS, and the DMARC policy that is wanted."""
        return from_reading(await dns.health.expected(access.domain))

    @api.get(f"{base}/dns/health", summary="Check a domain's mail DNS")
    async def read_dns_health(access: DnsViewOn) -> Ok[Health]:
        """Looked up live. `unknown` means that a look-up failed: nothing is concluded from it."""
        return Ok(data=await dns.health.of(access.domain))

    @api.get(f"{base}/dns/setup-health", summary="Check a domain that is being set up")
    async def read_setup_health(access: DnsOn) -> Ok[SetupHealth]:
        """The same, also before the domain is on MXroute: its mail records are `pending` then."""
        return Ok(data=await dns.health.setup(access.domain))

    @api.get(f"{base}/dns/plan", summary="What would a repair do?")
    async def read_plan(access: DnsOn, records: _Listed = None, replace: _Listed = None) -> Ok[PlanOut]:
        """Compares the zone with what should be there; changes nothing. Without `records`: all but webmail."""
        keys = _named(Key, "records", records)
        order = Order(keys, _named(Replaceable, "replace", replace) or ())
        return Ok(data=await dns.repair.plan(access.domain, order))

    @api.get(f"{base}/dns/changes", summary="What was changed")
    async def list_changes(
        access: DnsOn,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        cursor: Annotated[int | None, Query(ge=1, le=2**53, description="`next_cursor` of the page before.")] = None,
    ) -> Ok[list[ChangeOut]]:
        """Every record set that was changed through the manager, newest first, with what was there before."""
        page, following = await dns.log.page(access.domain, limit, cursor)
        return Ok(data=page, meta=Meta(next_cursor=following) if following else None)

    @api.get(f"{base}/dns/changes/{{change}}/plan", summary="What would an undoing do?")
    async def read_revert_plan(access: DnsOn, change: str) -> Ok[RevertPlanOut]:
        """Compares with the zone; changes nothing. Refused as the undoing would be when a record has changed since."""
        return Ok(data=await dns.repair.revert_plan(access.domain, _change_id(change)))

    @api.get(f"{base}/dmarc-policy", summary="Read the DMARC policy")
    async def read_dmarc_policy(access: DnsOn) -> Ok[DmarcPolicyOut]:
        """The domain's own policy, the default, and the one that holds."""
        return Ok(data=await dns.policies.read(access.domain))


def _changing(api: APIRouter, dns: Dns) -> None:
    base = "/api/domains/{domain}"

    @api.post(f"{base}/dns/fix", summary="Repair a domain's mail DNS")
    async def fix_dns(access: DnsOn, body: FixIn | None = None) -> Ok[FixOut]:
        """Never destroys what it does not own: SPF is merged, DMARC never weakened, others' MX left alone."""
        wanted = body or FixIn()
        order = Order(wanted.records, wanted.replace or (), wanted.dry_run, wanted.fingerprint)
        return Ok(data=await dns.repair.fix(access.caller, access.domain, order))

    @api.post(f"{base}/dns/changes/{{change}}/revert", summary="Undo a change or a whole repair")
    async def revert_change(access: DnsOn, change: str, body: RevertIn | None = None) -> Ok[RevertOut]:
        """`change` is the id of a change or of a repair. Refused when a record has changed since."""
        shown = body.fingerprint if body else None
        return Ok(data=await dns.repair.revert(access.caller, access.domain, _change_id(change), shown))

    @api.patch(f"{base}/dmarc-policy", summary="Set the DMARC policy")
    async def change_dmarc_policy(access: DnsOn, body: DmarcPolicyIn) -> Ok[DmarcPolicyOut]:
        """Null or blank falls back to the default. Nothing is published by this; a repair does that."""
        found, warnings = await dns.policies.change(access.caller, access.domain, body.dmarc_record, body.fingerprint)
        return Ok(data=found, meta=Meta(warnings=warnings) if warnings else None)


def _change_id(change: str) -> str:
    """The id of a change or of a repair. Raises `NotFound` for what can be neither."""
    if not change.isalnum() or not change.isascii() or len(change) > 32:
        raise NotFound("There is no such change.")
    return change


def _named(kind: type[E], field: str, values: list[str] | None) -> list[E] | None:
    """The members that a query names. Raises `ValidationFailed` naming every unknown one."""
    if values is None:
        return None
    words = [word.strip().lower() for value in values for word in value.split(",") if word.strip()]
    known = {member.value for member in kind}
    wrong = sorted({word for word in words if word not in known})
    if wrong:
        allowed = ", ".join(member.value for member in kind)
        raise ValidationFailed.of(*(FieldError(field, f"{word[:40]} is not one of {allowed}") for word in wrong))
    return [kind(word) for word in dict.fromkeys(words)] or None
