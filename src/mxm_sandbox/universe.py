"""Everything a sandbox holds, made anew at the start and on reset; the parts share settings, log, faults and DNS."""

from collections.abc import Callable
from dataclasses import dataclass

from mxm_sandbox.cloudflare.app import CloudflareWorld
from mxm_sandbox.cloudflare.limits import Limiter as CloudflareLimiter
from mxm_sandbox.cloudflare.state import Store
from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.dns.faults import dns_fault_book
from mxm_sandbox.dns.internet import NAME_SERVERS
from mxm_sandbox.dns.public import PublicDns
from mxm_sandbox.dns.questions import QuestionLog
from mxm_sandbox.dns.service import DnsWorld
from mxm_sandbox.faults import FaultBook
from mxm_sandbox.mxroute.app import MxrouteWorld
from mxm_sandbox.mxroute.limits import Limiter as MxrouteLimiter
from mxm_sandbox.randomness import derive
from mxm_sandbox.requestlog import RequestLog
from mxm_sandbox.seed.build import build_account
from mxm_sandbox.seed.scale import scale_account
from mxm_sandbox.seed.zones import ZoneSeeder
from mxm_sandbox.service import Common


@dataclass(slots=True)
class Universe:
    """One of everything."""

    common: Common
    public: PublicDns
    mxroute: MxrouteWorld
    cloudflare: CloudflareWorld
    dns: DnsWorld

    @classmethod
    def fresh(cls, config: SandboxConfig, clock: Callable[[], float]) -> "Universe":
        """What there is at the start."""
        seed = config.seed
        common = Common(config, RequestLog(config.log_max_entries), FaultBook(config.faults, seed))
        public = PublicDns(common, clock)
        account = build_account(config, public.published, clock())
        first, second = derive(seed, "name servers").sample(NAME_SERVERS, 2)
        store = Store(derive(seed, "cloudflare identifiers"), (first, second), public.serve)
        if config.world == "demo":
            ZoneSeeder(config, account, store, public).demo()
        questions = QuestionLog(config.log_max_entries)
        faults = dns_fault_book(config.dns_faults, seed)
        return cls(
            common,
            public,
            MxrouteWorld(common, account, MxrouteLimiter(), derive(seed, "latency")),
            CloudflareWorld(common, store, CloudflareLimiter(), derive(seed, "cloudflare latency")),
            DnsWorld(common, public, faults, questions, derive(seed, "dns garbage")),
        )

    def configure(self, after: SandboxConfig, changed: set[str]) -> None:
        """Put new settings in force; rules for misbehaviour start anew only when they were named."""
        if "faults" in changed:
            self.common.faults = FaultBook(after.faults, after.seed)
        if "dns_faults" in changed:
            self.dns.faults = dns_fault_book(after.dns_faults, after.seed)
        if after.log_max_entries != self.common.config.log_max_entries:
            self.common.log.resize(after.log_max_entries)
            self.dns.questions.resize(after.log_max_entries)
        self.common.config = after

    def scale(self, *, domains: int, mailboxes: int, now: float) -> None:
        """Grow the account to these totals; new domains get healthy zones."""
        config, account = self.common.config, self.mxroute.account
        before = set(account.domains)
        scale_account(account, seed=config.seed, domains=domains, mailboxes=mailboxes)
        seeder = ZoneSeeder(config, account, self.cloudflare.store, self.public)
        for name in sorted(account.domains.keys() - before):
            if self.cloudflare.store.zone_named(name) is None:
                seeder.add(account.domains[name])
        account.renew_usage(now)

    def settle(self, now: float) -> None:
        """Let happen what has come due: zones whose name servers have been found."""
        self.cloudflare.store.settle(now, self.common.config.cloudflare_activation_seconds)
