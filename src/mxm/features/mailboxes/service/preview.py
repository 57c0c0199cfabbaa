"""The check of a CSV import: what could be created as it is, and what is wrong with the rest."""

import asyncio
from collections.abc import Iterable

from mxm.features.mailboxes.rules import Draft, understand
from mxm.features.mailboxes.schemas import ImportPreview, ImportPreviewIn, PreviewRow, PreviewSummary
from mxm.platform.access import Permission, Principal
from mxm.platform.errors import NotFound
from mxm.platform.names import domain_name
from mxm.upstreams.mxroute.client import MXroute

_AT_ONCE = 4


async def preview(mxroute: MXroute, principal: Principal, wanted: ImportPreviewIn) -> ImportPreview:
    """Check every row; nothing is created. A domain without the right is a row error and is not looked up."""
    drafts = [understand(row, n, wanted.default_domain) for n, row in enumerate(wanted.rows, start=1)]
    for draft in drafts:
        if draft.domain and not principal.may(draft.domain, Permission.EMAILS):
            draft.wrong("domain", "you may not manage mailboxes there")
    allowed = {d.domain for d in drafts if d.domain and principal.may(d.domain, Permission.EMAILS)}
    existing = _given(wanted)
    existing |= await _look_up(mxroute, sorted(allowed - set(existing)))
    return _judged(drafts, existing)


def _judged(drafts: Iterable[Draft], existing: dict[str, frozenset[str] | None]) -> ImportPreview:
    seen: set[str] = set()
    rows: list[PreviewRow] = []
    for draft in drafts:
        users = existing.get(draft.domain or "", frozenset())
        if users is None:
            draft.wrong("domain", "is not on the account")
        email = draft.email
        rows.append(
            draft.checked(
                already_exists=bool(users and draft.username in users),
                duplicate=email is not None and email in seen,
            )
        )
        if email is not None:
            seen.add(email)
    return ImportPreview(rows=rows, summary=_summary(rows))


def _summary(rows: list[PreviewRow]) -> PreviewSummary:
    valid = sum(row.valid for row in rows)
    return PreviewSummary(
        total=len(rows),
        valid=valid,
        invalid=len(rows) - valid,
        needs_password=sum(row.needs_password for row in rows),
        already_exists=sum(row.already_exists for row in rows),
        duplicate_in_csv=sum(row.duplicate_in_csv for row in rows),
    )


def _given(wanted: ImportPreviewIn) -> dict[str, frozenset[str] | None]:
    """What the caller says is there; names of domains that are none are of no use to any row."""
    found: dict[str, frozenset[str] | None] = {}
    for name, users in (wanted.existing_by_domain or {}).items():
        try:
            domain = domain_name(name)
        except ValueError:
            continue
        found[domain] = frozenset(user.strip().lower().removesuffix(f"@{domain}") for user in users)
    return found


async def _look_up(mxroute: MXroute, domains: list[str]) -> dict[str, frozenset[str] | None]:
    """The usernames of each domain; None for one that is not on the account."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def users(domain: str) -> frozenset[str] | None:
        async with slots:
            try:
                reading = await mxroute.mailboxes.all(domain).cached()
            except NotFound:
                return None
        return frozenset(account.username.lower() for account in reading.value)

    return dict(zip(domains, await asyncio.gather(*map(users, domains)), strict=True))
