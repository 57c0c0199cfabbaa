"""The import of mailboxes put together: its way in, its worker, its view."""

from dataclasses import replace
from functools import partial

from mxm.entrypoints.durable import Durable
from mxm.features.audit.api import AuditLog
from mxm.features.identity.api import Directory
from mxm.features.jobs.api import Allowance
from mxm.features.mailboxes.api import IMPORT, IMPORT_ROW, IMPORT_VIEW, Imports, Mailboxes
from mxm.features.mailboxes.workflows import MailboxImport
from mxm.platform.clock import Chance, Clock
from mxm.platform.db import Database
from mxm.platform.journal import Journal
from mxm.upstreams.transport.budget import Budget
from mxm.upstreams.transport.limiter import Kind


def build_imports(
    durable: Durable,
    database: Database,
    clock: Clock,
    chance: Chance,
    journal: Journal,
    audit: AuditLog,
    mailboxes: Mailboxes,
    directory: Directory,
    budget: Budget,
) -> Imports:
    """The kind is known to the runner from then on."""
    imports = Imports(database, durable.store, chance, audit)
    worker = MailboxImport(mailboxes, journal, database, directory.principal, clock)
    durable.runner.register(IMPORT, worker.run, ended=imports.ended)
    durable.jobs.show(IMPORT, replace(IMPORT_VIEW, allowance=partial(_rows_allowed, budget)))
    journal.register(IMPORT_ROW, imports.row_created)
    return imports


def _rows_allowed(budget: Budget) -> Allowance:
    """A row is one write."""
    share = budget.background_share(Kind.WRITE)
    return Allowance(share.requests, share.seconds)
