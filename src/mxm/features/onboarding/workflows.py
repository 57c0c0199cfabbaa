"""The work of setting a domain up. Every step looks first and does only what is missing, so that the job may be
interrupted anywhere, go on in another process, or be begun again from the top."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from mxm.features.audit.api import Action
from mxm.features.dns.api import Busy, Dns, Key, Order, Status, TextRecord, Wanted, ZoneOut
from mxm.features.domains.api import Domains
from mxm.features.onboarding import rules
from mxm.features.onboarding.schemas import Step
from mxm.platform.access import Principal
from mxm.platform.clock import Clock
from mxm.platform.errors import (
    AppError,
    Conflict,
    Forbidden,
    NotConfigured,
    NotFound,
    Unavailable,
    UpstreamDenied,
    UpstreamFailure,
    ValidationFailed,
)
from mxm.platform.jobs import JobContext, JobState, Suspended
from mxm.platform.journal import AuditEvent, Journal
from mxm.upstreams.cloudflare import Cloudflare, Zone
from mxm.upstreams.resolver import Resolver

_SETTLING_SECONDS = 5.0
_PUBLISHED = [Key.MX, Key.SPF, Key.DKIM, Key.DMARC, Key.VERIFICATION, Key.MAIL]


class _Stopped(Exception):
    """A step cannot be done; the reason is for people."""


@dataclass(slots=True)
class _Course:
    """One claim of one job, with what earlier claims found out."""

    ctx: JobContext
    domain: str
    manual: bool
    webmail: bool
    results: dict[str, Any]
    step: Step = Step.ZONE
    zone: Zone | None = None
    conflicts: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, ctx: JobContext) -> "_Course":
        params, results = ctx.params, dict(ctx.results)
        manual, conflicts = params["dns"] == "manual", set(results.get("conflicts", []))
        return cls(ctx, params["domain"], manual, params["webmail"], results, conflicts=conflicts)

    async def begin(self, step: Step, message: str = "") -> None:
        """A step is on; a cancelled job goes no further."""
        self.step = step
        async with self.ctx.tx():
            pass
        if self.ctx.step_state(step) == "pending":
            await self.ctx.step(step, "running", message)

    async def done(self, message: str, state: str = "done") -> None:
        await self.ctx.step(self.step, state, message)

    async def note(self, **results: Any) -> None:
        """Show what was found out, and keep it for later claims."""
        if any(self.results.get(name) != value for name, value in results.items()):
            self.results |= results
            async with self.ctx.tx(final=True) as tx:
                await self.ctx.changed(tx, results=self.results)


class SetupWorker:
    """The handler of the job; one for each process."""

    def __init__(
        self,
        domains: Domains,
        dns: Dns,
        cloudflare: Cloudflare,
        resolver: Resolver,
        journal: Journal,
        clock: Clock,
        principal: Callable[[str], Awaitable[Principal | None]],
    ) -> None:
        """`principal` gives who a key stands for with the rights of this moment."""
        self._domains, self._dns, self._cloudflare = domains, dns, cloudflare
        self._resolver, self._journal, self._clock = resolver, journal, clock
        self._principal = principal

    async def run(self, ctx: JobContext) -> JobState:
        """All steps in order."""
        course = _Course.of(ctx)
        steps = [step for step in Step if step is not Step.WEBMAIL or course.webmail]
        await ctx.outline(step.value for step in steps)
        await course.note(domain=course.domain)
        try:
            return await self._all(course)
        except _Stopped as reason:
            await course.done(str(reason), "failed")
            return JobState.FAILED
        except Busy as busy:
            await course.done(busy.message, "waiting")
            raise Suspended(_SETTLING_SECONDS) from busy
        except (UpstreamDenied, NotFound, Conflict, ValidationFailed, NotConfigured, Forbidden) as refusal:
            await course.done(refusal.message, "failed")
            return JobState.FAILED
        except UpstreamFailure as failure:
            # Whatever was sent is settled by the journal; the step looks first when it is its turn again.
            await course.done(f"{failure.message} It is tried again by itself.", "waiting")
            raise Unavailable(failure.message, retry_after=failure.retry_after) from failure

    async def _all(self, course: _Course) -> JobState:
        creator = await self._principal(course.ctx.caller.principal.key)
        if creator is None or not creator.is_admin:
            raise _Stopped("Whoever asked for this is no administrator any more.")
        if course.ctx.step_state(Step.PUBLIC_DNS) == "waiting":
            # The long wait costs upstream nothing: only public DNS is asked.
            await self._public(course, TextRecord(**course.results["verification"]))
        await self._policy(course)
        await self._zone(course)
        if course.ctx.step_state(Step.REGISTER) != "done":
            await self._registered(course)
        await self._mail(course)
        if course.webmail:
            await self._webmail(course)
        return await self._verified(course)

    async def _registered(self, course: _Course) -> None:
        if await self._domains.is_registered(course.domain):
            for step in (Step.VERIFICATION, Step.PUBLIC_DNS, Step.REGISTER):
                if course.ctx.step_state(step) != "done":
                    await course.begin(step)
                    await course.done(f"{course.domain} is on MXroute already.")
            return
        record = await self._verification(course)
        await course.note(verification={"name": record.name, "value": record.value})
        await self._public(course, record)
        await self._register(course)

    async def _policy(self, course: _Course) -> None:
        """The domain's own DMARC policy, before anything is published."""
        record = course.ctx.params["dmarc_record"]
        if record is None or course.results.get("policy_set"):
            return
        known = await self._dns.policies.read(course.domain)
        if known.custom_value != record:
            await self._dns.policies.change(course.ctx.caller, course.domain, record)
        await course.note(policy_set=True)  # once: whoever changes it later has the last word

    async def _zone(self, course: _Course) -> None:
        """Find the zone, or make one."""
        await course.begin(Step.ZONE)
        if course.manual:
            await course.done("The DNS is elsewhere: what has to be published there is told step by step.", "skipped")
            return
        zone = await self._cloudflare.zone_of(course.domain, live=True)
        known = course.results.get("zone_id")
        if known is not None and (zone is None or zone.id != known):
            raise _Stopped("The zone was deleted or replaced meanwhile. Begin anew when that is meant.")
        zone = zone or await self._new_zone(course)
        course.zone = zone
        await course.note(zone=ZoneOut.of(zone).model_dump(), zone_id=zone.id)
        if zone.public:
            await course.done(f"The zone {zone.name} is active.")
            return
        await self._nudge(course, zone)
        servers = " and ".join(zone.name_servers)
        message = f"The zone {zone.name} is {zone.status}. Set the name servers {servers} at the registrar."
        if course.results.get("zone_made"):
            message += " It was made just now: first add the records of your website and other services to it."
        await course.done(message)

    async def _new_zone(self, course: _Course) -> Zone:
        if await self._journal.is_open(Action.CLOUDFLARE_SETUP, course.domain):
            await course.done("Whether the zone was made is being found out.", "waiting")
            raise Suspended(_SETTLING_SECONDS)
        event = AuditEvent(Action.CLOUDFLARE_SETUP, course.domain, {"step": "zone", "zone": course.domain})
        write = self._cloudflare.create_zone(course.domain)
        try:
            await self._journal.run(course.ctx.caller, write, event, within=course.ctx.tx)
        except (Conflict, ValidationFailed) as refusal:
            # Somebody was quicker, or it is not ours to make: the zones tell.
            found = await self._cloudflare.zone_of(course.domain, live=True)
            if found is None:
                raise _Stopped(f"Cloudflare refused to make the zone: {refusal.message}") from refusal
            return found
        await course.note(zone_made=True)
        found = await self._cloudflare.zone_of(course.domain, live=True)
        if found is None:
            await course.done("The zone was made and is not listed yet.", "waiting")
            raise Suspended(_SETTLING_SECONDS)
        return found

    async def _nudge(self, course: _Course, zone: Zone) -> None:
        """Ask once that Cloudflare looks for the name servers soon; it does so by itself, too."""
        if course.results.get("nudged"):
            return
        await course.note(nudged=True)
        event = AuditEvent(Action.CLOUDFLARE_SETUP, course.domain, {"step": "activation_check", "zone": zone.name})
        try:
            await self._journal.run(course.ctx.caller, self._cloudflare.check_activation(zone), event)
        except AppError:
            return

    async def _verification(self, course: _Course) -> TextRecord:
        """Publish what MXroute wants to see, or say what is to be published."""
        record = await self._dns.health.verification_record(course.domain)
        await course.begin(Step.VERIFICATION)
        if course.zone is None:
            await course.note(publish=[rules.to_publish(record)])
            await course.done(f"Publish TXT {record.name} with the value {record.value}.")
            return record
        if course.ctx.step_state(Step.VERIFICATION) != "done":
            wish = await self._dns.policies.wish(course.domain)
            wanted = Wanted(course.domain, wish, verification=record)
            keys = [Key.VERIFICATION]
            found = await self._dns.repair.publish(course.ctx.caller, course.zone, wanted, keys, within=course.ctx.tx)
            if found.conflicts:
                raise _Stopped(found.conflicts[0].reason)
            await course.done(f"TXT {record.name} is in the zone {course.zone.name}.")
        return record

    async def _public(self, course: _Course, record: TextRecord) -> None:
        """Wait until the world sees the record: minutes, or days while name servers are changed."""
        await course.begin(Step.PUBLIC_DNS)
        seen = await course.ctx.interruptible(self._resolver.lookup(record.name, "TXT"))
        if any(text.strip() == record.value for text in seen.values):
            await course.done("The verification record is public.")
            return
        zone = await self._zone_now(course)
        message = rules.waits_for(record, zone)
        if seen.is_unknown:
            message += f" It could not be looked up just now: {seen.reason}."
        await self._wait(course, message, rules.PATIENCE)

    async def _zone_now(self, course: _Course) -> ZoneOut | None:
        """The zone while it is not public yet: whether its name servers were found meanwhile."""
        known = course.results.get("zone")
        if known is None or course.manual:
            return None
        if known["status"] != "active":
            zone = await self._cloudflare.zone_of(course.domain)
            if zone is None or zone.id != course.results.get("zone_id"):
                raise _Stopped("The zone was deleted or replaced meanwhile. Begin anew when that is meant.")
            known = ZoneOut.of(zone).model_dump()
            await course.note(zone=known)
        return ZoneOut.model_validate(known)

    async def _register(self, course: _Course) -> None:
        """Register the domain; a registration whose outcome is open is never sent again."""
        await course.begin(Step.REGISTER)
        if await self._domains.is_registering(course.domain):
            await course.done("Whether the registration took effect is being found out.", "waiting")
            raise Suspended(_SETTLING_SECONDS)
        try:
            added = await self._domains.create(course.ctx.caller, course.domain, within=course.ctx.tx)
        except Conflict as refusal:
            raise _Stopped(f"MXroute refused: {refusal.message}") from refusal
        except ValidationFailed as refusal:
            message = f"MXroute refused: {refusal.message} It may not see the verification record yet."
            await self._wait(course, message, rules.REFUSED_PATIENCE)
            return
        told = "It was on MXroute already." if added.already_exists else "The domain is on MXroute."
        await course.done(f"{told} {await self._warning(course.domain)}".strip())

    async def _warning(self, domain: str) -> str:
        """From now on other MXroute customers' mail for the domain stays at MXroute, MX or not (facts.md)."""
        health = await self._dns.health.brief(domain)
        if health.checks.mx.status is Status.PASS or not health.checks.mx.found:
            return ""
        return "Its MX still points elsewhere: mail from other MXroute customers is delivered here nevertheless."

    async def _mail(self, course: _Course) -> None:
        """The mail records by the plan; or by hand, watched."""
        await course.begin(Step.MAIL_DNS)
        if course.manual:
            await self._by_hand(course)
            return
        if course.ctx.step_state(Step.MAIL_DNS) == "done":
            return
        await self._fix(course, _PUBLISHED)

    async def _by_hand(self, course: _Course) -> None:
        """Say what is missing, and what is in the way, until public DNS shows that it was done."""
        health = await self._dns.health.brief(course.domain)
        wanted = await self._dns.health.wanted(course.domain)
        missing, stuck = rules.all_to_publish(wanted, health.checks, webmail=course.webmail)
        surplus = rules.to_remove(wanted, health.checks)
        course.conflicts = {key.value for key in stuck}
        await course.note(publish=missing, remove=surplus, conflicts=sorted(course.conflicts))
        if missing or surplus:
            message = (
                "Waiting for public DNS. " + rules.sentence("Publish", missing) + rules.sentence("Remove", surplus)
            )
            await self._wait(course, message.strip(), rules.PATIENCE)
        unseen = [(key, check) for key, check in health.checks.items() if check.status is Status.UNKNOWN]
        if unseen:
            await self._wait(course, rules.told(unseen), rules.PATIENCE)
        reasons = rules.told((key, check) for key, check in health.checks.items() if key in stuck)
        await course.done(f"The rest is published. To be mended by hand: {reasons}" if stuck else "All is published.")

    async def _webmail(self, course: _Course) -> None:
        if course.ctx.step_state(Step.WEBMAIL) == "done":
            return
        await course.begin(Step.WEBMAIL)
        if course.manual:
            await course.done("webmail is published.")
            return
        await self._fix(course, [Key.WEBMAIL])

    async def _fix(self, course: _Course, keys: list[Key]) -> None:
        try:
            found = await self._dns.repair.fix(course.ctx.caller, course.domain, Order(keys), within=course.ctx.tx)
        except Busy:
            raise
        except (Conflict, ValidationFailed) as refusal:
            raise _Stopped(refusal.message) from refusal
        course.conflicts |= {conflict.key.value for conflict in found.conflicts}
        await course.note(conflicts=sorted(course.conflicts))
        reasons = " ".join(f"{conflict.key.value}: {conflict.reason}" for conflict in found.conflicts)
        published = ", ".join(key.value for key in found.fixed)
        message = f"Published: {published}." if published else "Everything that may be published is there."
        await course.done(f"{message} Left alone: {reasons}" if reasons else message)

    async def _verified(self, course: _Course) -> JobState:
        """Wait until all is seen to be well, as far as no conflict keeps it from that."""
        await course.begin(Step.VERIFY)
        health = await self._dns.health.seen(course.domain)
        await course.note(health=_brief(health.overall, health.checks.items()))
        well = {key.value for key, check in health.checks.items() if check.status is Status.PASS}
        course.conflicts -= well  # such as an SPF record that MXroute may send by, though we could not write it
        missing = rules.not_yet(health.checks, webmail=course.webmail, apart_from=course.conflicts)
        if missing:
            public = course.zone is None or course.zone.public
            patience = rules.VERIFY_PATIENCE if public else rules.PATIENCE
            try:
                await self._wait(course, rules.told(missing), patience)
            except _Stopped:
                await course.done(f"Not well after all: {rules.told(missing)}", "failed")
                return JobState.PARTLY_FAILED
        if course.conflicts:
            left = ", ".join(sorted(course.conflicts))
            await course.done(f"All is well apart from what was left alone: {left}.")
            return JobState.PARTLY_FAILED
        off = health.mail_hosting_enabled is False
        await course.done("Mail hosting is switched off: nothing was checked." if off else "All checks pass.")
        return JobState.SUCCEEDED

    async def _wait(self, course: _Course, message: str, patience: timedelta) -> None:
        """Give the lease back until the next look. Raises `Suspended`, or `_Stopped` when it took too long."""
        since = dict(course.results.get("waiting_since", {}))
        now = self._clock.now()
        began = datetime.fromisoformat(since.setdefault(course.step.value, now.isoformat()))
        await course.note(waiting_since=since)
        if now - began > patience:
            hours = patience.total_seconds() / 3600
            raise _Stopped(f"{message} That did not happen within {hours:g} hours.")
        await course.done(message, "waiting")
        raise Suspended(rules.pause(now - began))


def _brief(overall: str, checks: list[tuple[Key, Any]]) -> Mapping[str, Any]:
    return {"overall": str(overall), "checks": {key.value: check.status.value for key, check in checks}}
