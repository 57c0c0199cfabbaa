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
from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.control import control_app
from mxm_sandbox.faults import FaultBook
from mxm_sandbox.mxroute.app import MxrouteApp, MxrouteWorld, TxtLookup
from mxm_sandbox.mxroute.inspection import account_as_json
from mxm_sandbox.mxroute.limits import Limiter
from mxm_sandbox.randomness import derive
from mxm_sandbox.records import PublishedRecords
from mxm_sandbox.requestlog import LogEntry, RequestLog
from mxm_sandbox.seed.build import build_account
from mxm_sandbox.seed.scale import scale_account
from mxm_sandbox.serving import LOOPBACK, Listener, listen


class Credentials(NamedTuple):
    """What a client of the MXroute part needs."""

    server: str
    username: str
    api_key: str


class Running(NamedTuple):
    """Where a served sandbox listens."""

    mxroute_url: str
    control_url: str


class Sandbox:
    """A stateful imitation of the services a mail manager talks to.

    `txt_lookup` gives the TXT values of a name and replaces the in-memory records; `clock` gives Unix seconds; `sleep`
    waits seconds. The last two are there so that tests need not wait.
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
        self._txt_lookup = txt_lookup
        self._records, self._mxroute = self._fresh()
        self.mxroute_app = MxrouteApp(
            lambda: self._mxroute, lock=self._lock, txt_lookup=self._look_up, clock=clock, sleep=sleep
        )
        self.control_app = control_app(self)

    def _fresh(self) -> tuple[PublishedRecords, MxrouteWorld]:
        config, records = self._initial, PublishedRecords()
        account = build_account(config, records, self._clock())
        log, faults = RequestLog(config.log_max_entries), FaultBook(config.faults, config.seed)
        return records, MxrouteWorld(config, account, Limiter(), log, faults, derive(config.seed, "latency"))

    async def _look_up(self, name: str) -> list[str]:
        lookup = self._txt_lookup or self._records.txt
        return await lookup(name)

    @property
    def config(self) -> SandboxConfig:
        """The settings in force."""
        return self._mxroute.config

    @property
    def credentials(self) -> Credentials:
        """Server, user name and key, as the three headers want them."""
        return Credentials(self.config.server, self.config.username, self.config.api_key)

    @property
    def state(self) -> dict[str, Any]:
        """The whole state as JSON; a copy."""
        with self._lock:
            return {"account": account_as_json(self._mxroute.account), "dns": self._records.as_json()}

    @property
    def log(self) -> list[LogEntry]:
        """The requests received so far, oldest first."""
        return self._mxroute.log.since()

    def log_since(self, sequence: int) -> list[LogEntry]:
        """The requests received after the one with this number."""
        return self._mxroute.log.since(sequence)

    @property
    def counts(self) -> dict[str, Any]:
        """How many requests came, and what became of them."""
        return self._mxroute.log.counts()

    def configure(self, **changes: Any) -> SandboxConfig:
        """Change some settings. Raises ConfigError, which names the offenders, and then changes nothing."""
        with self._lock:
            before, after = self._mxroute.config, self._mxroute.config.changed(changes)
            if "faults" in changes:
                self._mxroute.faults = FaultBook(after.faults, after.seed)
            if after.log_max_entries != before.log_max_entries:
                self._mxroute.log.resize(after.log_max_entries)
            self._mxroute.config = after
            return after

    def reset(self) -> None:
        """Back to the start: state, published records, log, counts, limits, chance, faults and settings."""
        with self._lock:
            self._records, self._mxroute = self._fresh()

    def scale(self, *, domains: int, mailboxes: int) -> None:
        """Bring the account up to this many domains and mailboxes in total, with fresh usage figures."""
        with self._lock:
            account = self._mxroute.account
            scale_account(account, seed=self.config.seed, domains=domains, mailboxes=mailboxes)
            account.renew_usage(self._clock())

    def publish(self, name: str, record_type: str, values: list[str]) -> None:
        """Set one record set of the in-memory DNS; no values removes it."""
        with self._lock:
            self._records.publish(name, record_type, values)

    def refresh_quota(self) -> None:
        """Renew the hourly usage figures now."""
        with self._lock:
            self._mxroute.account.renew_usage(self._clock())

    def check_password(self, email: str, password: str) -> bool:
        """Whether this is the password of that mailbox; false when there is no such mailbox."""
        with self._lock:
            mailbox = self._mxroute.account.mailbox(email)
            return mailbox is not None and mailbox.secret.matches(password)

    @contextlib.asynccontextmanager
    async def serve(
        self, *, host: str = LOOPBACK, mxroute_port: int = 0, control_host: str = LOOPBACK, control_port: int = 0
    ) -> AsyncIterator[Running]:
        """Listen until the block is left; port 0 takes a free one. Raises OSError when a port is taken and ValueError
        when the control port is to be opened to others."""
        async with contextlib.AsyncExitStack() as stack:
            control = Listener(self.control_app, control_host, control_port, loopback_only=True)
            control_url = await stack.enter_async_context(listen(control))
            mxroute_url = await stack.enter_async_context(listen(Listener(self.mxroute_app, host, mxroute_port)))
            yield Running(mxroute_url, control_url)
