"""One sandbox: puts the parts together.

A test in the same process finds here what the control port offers to others.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

from mxm_sandbox.answers import Sleep
from mxm_sandbox.cloudflare.app import CloudflareApp
from mxm_sandbox.cloudflare.operations import BASE
from mxm_sandbox.cloudflare.state import ZoneStatus
from mxm_sandbox.config import ConfigError, SandboxConfig
from mxm_sandbox.control import control_app
from mxm_sandbox.dns.questions import Question
from mxm_sandbox.dns.rdata import presentation
from mxm_sandbox.dns.server import listen_dns
from mxm_sandbox.dns.service import DnsService, DnsWorld
from mxm_sandbox.faults import Upstream
from mxm_sandbox.mxroute.app import MxrouteApp, TxtLookup
from mxm_sandbox.mxroute.inspection import account_as_json
from mxm_sandbox.names import fold
from mxm_sandbox.requestlog import LogEntry
from mxm_sandbox.serving import LOOPBACK, Listener, listen
from mxm_sandbox.universe import Universe


class Credentials(NamedTuple):
    """What a client of the MXroute part needs."""

    server: str
    username: str
    api_key: str


class Running(NamedTuple):
    """Where a served sandbox listens: URLs (Cloudflare's with the base path of its API), and `host:port` of DNS."""

    mxroute_url: str
    control_url: str
    cloudflare_url: str
    dns_address: str


class Sandbox:
    """A stateful imitation of the services a mail manager talks to.

    `txt_lookup` gives the TXT values of a name, where MXroute is to look elsewhere than in the sandbox's own DNS;
    `clock` gives Unix seconds; `sleep` waits seconds. The last two are there so that tests need not wait.
    """

    def __init__(
        self,
        config: SandboxConfig | None = None,
        *,
        txt_lookup: TxtLookup | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._initial = config or SandboxConfig()
        self._clock = clock
        self._lock = threading.RLock()
        self._all = Universe.fresh(self._initial, clock)
        self.mxroute_app = MxrouteApp(
            lambda: self._all.mxroute,
            lock=self._lock,
            txt_lookup=txt_lookup or self._public_txt,
            clock=clock,
            sleep=sleep,
        )
        self.cloudflare_app = CloudflareApp(lambda: self._all.cloudflare, lock=self._lock, clock=clock, sleep=sleep)
        self._dns_service = DnsService(self._settled_dns, clock=clock, sleep=sleep)
        self.control_app = control_app(self)

    def _settled_dns(self) -> DnsWorld:
        with self._lock:
            self._all.settle(self._clock())
        return self._all.dns

    async def _public_txt(self, name: str) -> list[str]:
        return await self._settled_dns().public.txt(name)

    @property
    def config(self) -> SandboxConfig:
        """The settings in force."""
        return self._all.common.config

    @property
    def credentials(self) -> Credentials:
        """Server, username and key, as the three headers want them."""
        return Credentials(self.config.server, self.config.username, self.config.api_key)

    @property
    def cloudflare_token(self) -> str:
        """The bearer token."""
        return self.config.cloudflare_token

    @property
    def cloudflare_account(self) -> str:
        """The identifier of the Cloudflare account."""
        return self.config.cloudflare_account_id

    @property
    def state(self) -> dict[str, Any]:
        """The whole state as JSON; a copy."""
        with self._lock:
            self._all.settle(self._clock())
            return {
                "account": account_as_json(self._all.mxroute.account),
                "dns": self._all.public.published.as_json(),
                "cloudflare": self._all.cloudflare.store.as_json(),
            }

    @property
    def log(self) -> list[LogEntry]:
        """The HTTP requests received so far by all upstreams, oldest first."""
        return self._all.common.log.since()

    def log_since(self, sequence: int) -> list[LogEntry]:
        """The HTTP requests received after the one with this number."""
        return self._all.common.log.since(sequence)

    def questions_since(self, sequence: int = 0) -> list[Question]:
        """The questions the DNS server received after the one with this number."""
        return self._all.dns.questions.since(sequence)

    @property
    def counts(self) -> dict[str, Any]:
        """How many requests MXroute received, and what became of them."""
        return self._all.common.log.counts()

    def counts_of(self, upstream: Upstream) -> dict[str, Any]:
        """The same for one of the upstreams."""
        return self._all.common.log.counts(upstream)

    @property
    def question_counts(self) -> dict[str, Any]:
        """How many questions the DNS server received, and what became of them."""
        return self._all.dns.questions.counts()

    def configure(self, **changes: Any) -> SandboxConfig:
        """Change some settings. Raises ConfigError, which names the offenders, and then changes nothing."""
        with self._lock:
            after = self.config.changed(changes)
            self._all.configure(after, set(changes))
            return after

    def reset(self) -> None:
        """Back to the start: state, zones, published records, logs, counts, limits, chance, faults and settings."""
        with self._lock:
            self._all = Universe.fresh(self._initial, self._clock)

    def scale(self, *, domains: int, mailboxes: int) -> None:
        """Bring the account up to this many domains and mailboxes in total, with fresh usage figures; new domains have
        healthy zones."""
        with self._lock:
            self._all.scale(domains=domains, mailboxes=mailboxes, now=self._clock())

    def publish(self, name: str, record_type: str, values: list[str]) -> None:
        """Set one record set in front of all zones; no values removes it. Raises BadRecord (a ValueError)."""
        for value in values:
            presentation(record_type, value)
        with self._lock:
            self._all.public.publish(name, record_type, values)

    def set_zone_status(self, name: str, status: ZoneStatus) -> None:
        """Change the status of a Cloudflare zone, as finding its name servers would. Raises ConfigError."""
        with self._lock:
            zone = self._all.cloudflare.store.zone_named(fold(name))
            if zone is None:
                raise ConfigError(f"there is no zone {name}")
            self._all.cloudflare.store.set_status(zone, status, self._clock())

    def refresh_quota(self) -> None:
        """Renew the hourly usage figures now."""
        with self._lock:
            self._all.mxroute.account.renew_usage(self._clock())

    def check_password(self, email: str, password: str) -> bool:
        """Whether this is the password of that mailbox; false when there is no such mailbox."""
        with self._lock:
            mailbox = self._all.mxroute.account.mailbox(email)
            return mailbox is not None and mailbox.secret.matches(password)

    @contextlib.asynccontextmanager
    async def serve(
        self,
        *,
        host: str = LOOPBACK,
        mxroute_port: int = 0,
        control_host: str = LOOPBACK,
        control_port: int = 0,
        cloudflare_port: int = 0,
        dns_port: int = 0,
    ) -> AsyncIterator[Running]:
        """Listen until the block is left; port 0 takes a free one. Raises OSError when a port is taken and ValueError
        when the control port is to be opened to others. DNS stays on loopback."""
        async with contextlib.AsyncExitStack() as stack:
            control = Listener(self.control_app, control_host, control_port, loopback_only=True)
            control_url = await stack.enter_async_context(listen(control))
            mxroute_url = await stack.enter_async_context(listen(Listener(self.mxroute_app, host, mxroute_port)))
            cloudflare = Listener(self.cloudflare_app, host, cloudflare_port)
            cloudflare_url = await stack.enter_async_context(listen(cloudflare))
            dns_address = await stack.enter_async_context(listen_dns(self._dns_service, LOOPBACK, dns_port))
            yield Running(mxroute_url, control_url, cloudflare_url + BASE, dns_address)
