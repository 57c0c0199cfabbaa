"""Zones of every kind, made by hypothesis, and a plan carried out on one in memory."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from hypothesis import strategies as st

from mxm.features.dns.rules.plan import Plan, Situation
from mxm.features.dns.rules.wanted import DmarcWish, TextRecord, Wanted
from mxm.upstreams.cloudflare import Record, RecordDraft
from mxm.upstreams.resolver import SpfCost

D = "example.com"
KEY = "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"
SELECTOR = f"x._domainkey.{D}"
PROOF = f"_da-verify-0123456789abcdef0123456789abcdef.{D}"
HOST = "eagle.mxlogin.com"
DEFAULT = "v=DMARC1; p=none; sp=none; adkim=r; aspf=r;"
WANTED = Wanted(
    D,
    DmarcWish(DEFAULT, custom=False),
    mx=((10, HOST), (20, "eagle-relay.mxlogin.com")),
    spf="v=spf1 include:mxroute.com -all",
    dkim=TextRecord(SELECTOR, KEY),
    verification=TextRecord(PROOF, "domain-verified"),
    host=HOST,
)

_ids = count(1)


def record(type_: str, name: str, content: str, *, priority: int | None = None, **more: object) -> Record:
    """A record as the client gives it."""
    values = {"ttl": 1, "proxied": False, "comment": None, **more}
    return Record(f"id{next(_ids)}", type_, name, content, priority=priority, raw=content, **values)  # type: ignore[arg-type]


def free(_record: str) -> SpfCost:
    """Counting look-ups is another matter."""
    return SpfCost()


def situation(records: Sequence[Record], **more: object) -> Situation:
    """What a plan is made from."""
    values = {"wanted": WANTED, "spf_cost": free, **more}
    return Situation(D, records, **values)  # type: ignore[arg-type]


def carried_out(plan: Plan, records: Sequence[Record]) -> list[Record]:
    """The zone after the plan."""
    gone = {record.id for change in plan.changes for record in change.deletes}
    changed = {patch.record.id: patch.draft for change in plan.changes for patch in change.patches}
    kept = [_patched(each, changed.get(each.id)) for each in records if each.id not in gone]
    return kept + [_posted(draft) for change in plan.changes for draft in change.posts]


def _patched(found: Record, draft: RecordDraft | None) -> Record:
    if draft is None:
        return found
    comment = found.comment if draft.comment is None else draft.comment or None
    return replace(
        found,
        content=draft.content,
        raw=draft.content,
        ttl=draft.ttl,
        priority=draft.priority,
        proxied=draft.proxied,
        comment=comment,
    )


def _posted(draft: RecordDraft) -> Record:
    return record(
        draft.type,
        draft.name,
        draft.content,
        priority=draft.priority,
        ttl=draft.ttl,
        proxied=draft.proxied,
        comment=draft.comment,
    )


_senders = st.lists(
    st.sampled_from(
        ["include:_spf.google.com", "ip4:203.0.113.7", "a", "mx", "?include:x.test", "include:mxroute.com", "ip6:::1"]
    ),
    max_size=4,
)
_spf = st.builds(
    lambda senders, end: " ".join(["v=spf1", *senders, *end]),
    _senders,
    st.sampled_from([["-all"], ["~all"], ["?all"], ["+all"], [], ["redirect=other.test"], ["exp=why.test", "-all"]]),
)
_dmarc = st.builds(
    lambda p, rest: f"v=DMARC1; p={p}{rest}",
    st.sampled_from(["none", "quarantine", "reject", "nonsense"]),
    st.sampled_from(["", "; sp=reject", "; adkim=s; aspf=s", "; rua=mailto:d@example.com", "; pct=20"]),
)
_text = st.one_of(
    st.sampled_from(["google-site-verification=abc", "MS=ms123", "hello", "v=spf10 no", "v=spf1", "domain-verified"]),
    _spf,
    _dmarc,
    st.sampled_from([KEY, "v=DKIM1; p=ANOTHERKEY", "v=DKIM1; p=", KEY.replace("; ", ";")]),
)
_comment = st.sampled_from([None, None, "ask Kim", "managed by mxm"])
_name = st.sampled_from([D, f"mail.{D}", f"webmail.{D}", f"_dmarc.{D}", SELECTOR, PROOF, f"www.{D}", f"shop.{D}"])
_host = st.sampled_from([HOST, "eagle-relay.mxlogin.com", "aspmx.l.google.com", "mx.other.test", ""])


@st.composite
def _record(draw: st.DrawFn) -> Record:
    kind = draw(st.sampled_from(["A", "AAAA", "CNAME", "MX", "TXT", "TXT", "TXT", "CAA", "NS"]))
    name = f"{draw(st.sampled_from(['', 'deep.']))}shop.{D}" if kind == "NS" else draw(_name)
    ttl, comment = draw(st.sampled_from([1, 300])), draw(_comment)
    proxied = kind in {"A", "AAAA", "CNAME"} and draw(st.booleans())
    contents = {
        "A": st.just("203.0.113.1"),
        "AAAA": st.just("2001:db8::1"),
        "CNAME": st.sampled_from([HOST, "other.test"]),
        "MX": _host,
        "TXT": _text,
        "CAA": st.just('0 issue "letsencrypt.org"'),
        "NS": st.just("ns1.other.test"),
    }
    priority = draw(st.sampled_from([0, 10, 20])) if kind == "MX" else None
    content = draw(contents[kind])
    return record(kind, name, content, priority=priority, ttl=ttl, proxied=proxied, comment=comment)


def _as_cloudflare_allows(records: list[Record]) -> list[Record]:
    """Without what cannot stand in one zone: twice the same, or an alias beside others."""
    kept: list[Record] = []
    for each in records:
        beside = [other for other in kept if other.name == each.name]
        if any((o.type, o.content, o.priority) == (each.type, each.content, each.priority) for o in beside):
            continue
        if any(other.type == "CNAME" for other in beside) or (each.type == "CNAME" and beside):
            continue
        kept.append(each)
    return kept


zones = st.lists(_record(), max_size=14).map(_as_cloudflare_allows)
