"""The part of a plan for each check: what is published, what should be, and whether the one may become the other."""

from collections.abc import Sequence

from mxm.features.dns.rules import dmarc, spf
from mxm.features.dns.rules.dkim import key_of, same_key
from mxm.features.dns.rules.mx import named
from mxm.features.dns.rules.plan import Conflict, Plan, SetChange, Situation, Step
from mxm.features.dns.rules.wanted import TextRecord
from mxm.features.dns.schemas import Key, Replaceable
from mxm.upstreams.cloudflare import COMMENT, Patch, Record, RecordDraft

_LONGEST_COMMENT = 100
"""Characters, on Cloudflare's free plan (facts.md)."""
_COSTLY = (
    "With MXroute the record takes {} look-ups; receivers give up after ten, and then nobody may send. "
    "Remove senders that are not used any more, then repair again."
)


def mx(situation: Situation) -> Plan:
    """Both exchangers of MXroute; whoever else takes the mail is asked about, never pushed aside."""
    wanted = situation.wanted
    if not wanted.mx:
        return _unsaid(Key.MX, "MX", wanted.domain)
    if obstacle := situation.obstacle(Key.MX, wanted.domain, "MX"):
        return Plan(conflicts=[obstacle])
    present = situation.at(wanted.domain, "MX")
    foreign = [record for record in present if record.content not in wanted.mx_hosts]
    missing = [pair for pair in sorted(wanted.mx) if pair[1] not in {record.content for record in present}]
    if foreign and not situation.may_replace(Replaceable.MX, foreign):
        found = tuple(f"{record.priority} {record.content}" for record in foreign)
        reason = f"Mail goes to {named(r.content for r in foreign)}. Replacing that moves the domain's mail to MXroute."
        return Plan(conflicts=[Conflict(Key.MX, "MX", wanted.domain, found, reason, Replaceable.MX)])
    if not foreign and not missing:
        return Plan(unchanged={Key.MX: "MXroute's mail exchangers are there."})
    posts = tuple(
        RecordDraft("MX", wanted.domain, host, priority=priority, comment=COMMENT) for priority, host in missing
    )
    reason = "Mail shall come to MXroute" + (", and to nobody else." if foreign else ".")
    change = SetChange(Key.MX, "MX", wanted.domain, tuple(present), reason, deletes=tuple(foreign), posts=posts)
    return Plan([change])


def spf_step(situation: Situation) -> Plan:
    """One record that lets MXroute send and everyone else who may now."""
    wanted, name = situation.wanted.spf, situation.wanted.domain
    if wanted is None:
        return _unsaid(Key.SPF, "TXT", name)
    if obstacle := situation.obstacle(Key.SPF, name, "TXT"):
        return Plan(conflicts=[obstacle])
    present = [record for record in situation.at(name, "TXT") if spf.is_spf(record.content)]
    texts = [record.content for record in present]
    if len(texts) == 1 and spf.allows_by_redirect(situation.spf_redirected, wanted):
        return Plan(unchanged={Key.SPF: "MXroute may send by the record that this one hands over to."})
    merged = spf.merge(texts, wanted)
    trouble = _spf_trouble(situation, merged, texts)
    if trouble is not None or merged.record is None:
        return _refused(Key.SPF, "TXT", name, texts, trouble or "It cannot be merged.")
    if texts == [merged.record]:
        return Plan(unchanged={Key.SPF: "MXroute may send already."})
    reason = "MXroute shall be allowed to send; every other sender stays."
    if len(present) > 1:
        reason = f"{len(present)} SPF records are an error; one keeps all their senders and allows MXroute."
    return Plan([_one_text(Key.SPF, name, present, merged.record, reason)])


def _spf_trouble(situation: Situation, merged: spf.Merged, texts: Sequence[str]) -> str | None:
    """Why the merged record must not be published, or would not help; of a first record there is nothing to say."""
    if merged.record is None:
        return _sentence(merged.conflict or "it cannot be merged")
    if not texts:
        return None
    cost = situation.spf_cost(merged.record)
    if cost is not None and cost.broken is not None:
        return f"Receivers cannot evaluate the record: {cost.broken}. Mend that first."
    if cost is not None and cost.lookups > spf.MOST_LOOKUPS:
        return _COSTLY.format(cost.lookups)
    if texts != [merged.record] and (cost is None or cost.unknown):
        return "How many look-ups the record would take could not be counted; try again when DNS answers."
    return None


def dkim(situation: Situation) -> Plan:
    """MXroute's key at its selector; another key there may sign for somebody else."""
    wanted = situation.wanted.dkim
    if wanted is None:
        return Plan(unchanged={Key.DKIM: "MXroute has no DKIM key for the domain."})
    if obstacle := situation.obstacle(Key.DKIM, wanted.name, "TXT"):
        return Plan(conflicts=[obstacle])
    present = [record for record in situation.at(wanted.name, "TXT") if key_of(record.content) is not None]
    others = [record for record in present if not same_key(record.content, wanted.value)]
    if present and not others and len(present) == 1:
        return Plan(unchanged={Key.DKIM: "MXroute's key is there."})
    if others and not situation.may_replace(Replaceable.DKIM, others):
        texts = [record.content for record in others]
        reason = "Another DKIM key is published at this selector; it may sign for another service."
        return _refused(Key.DKIM, "TXT", wanted.name, texts, reason, Replaceable.DKIM)
    return Plan([_one_text(Key.DKIM, wanted.name, present, wanted.value, "Receivers shall find MXroute's key.")])


def dmarc_step(situation: Situation) -> Plan:
    """The wanted policy where there is none; one that is there is never weakened, and replaced only on purpose."""
    wish, name = situation.wanted.dmarc, situation.wanted.dmarc_name
    if obstacle := situation.obstacle(Key.DMARC, name, "TXT"):
        return Plan(conflicts=[obstacle])
    present = [record for record in situation.at(name, "TXT") if dmarc.is_dmarc(record.content)]
    texts = [record.content for record in present]
    if wish.custom:
        return _own_policy(name, present, wish.record)
    if not present:
        return _first_policy(situation, name, wish.record)
    wanted = dmarc.parse(wish.record)
    if len(present) == 1 and dmarc.at_least_as_strict(dmarc.parse(texts[0]), wanted):
        return Plan(unchanged={Key.DMARC: "The published policy is at least as strict as the wanted one."})
    policies = [dmarc.parse(text) for text in texts]
    weaker = all(dmarc.at_least_as_strict(wanted, policy) for policy in policies if policy.valid)
    if weaker and all(situation.is_ours(record) for record in present):
        return Plan([_one_text(Key.DMARC, name, present, wish.record, "The default policy has become stricter.")])
    reason = "Another DMARC policy is published. Set a policy for this domain to have it replaced."
    return _refused(Key.DMARC, "TXT", name, texts, reason)


def _own_policy(name: str, present: Sequence[Record], record: str) -> Plan:
    if len(present) == 1 and dmarc.states(dmarc.parse(present[0].content), dmarc.parse(record)):
        return Plan(unchanged={Key.DMARC: "The domain's own policy is there."})
    return Plan([_one_text(Key.DMARC, name, present, record, "The policy that was set for this domain.")])


def _first_policy(situation: Situation, name: str, record: str) -> Plan:
    if situation.inherited_unknown:
        why = "Whether a parent's policy holds here could not be looked up; one of its own might weaken that."
        return Plan(unchanged={Key.DMARC: why})
    parent = dmarc.for_subdomain(situation.inherited_dmarc) if situation.inherited_dmarc is not None else None
    if parent is not None and parent.valid:
        if dmarc.at_least_as_strict(parent, dmarc.parse(record)):
            return Plan(unchanged={Key.DMARC: "The parent's policy holds here."})
        if not dmarc.at_least_as_strict(dmarc.parse(record), parent):
            return Plan(unchanged={Key.DMARC: "The parent's policy holds here; the default one would weaken it."})
    return Plan([_one_text(Key.DMARC, name, [], record, "Receivers shall know what to do with forged mail.")])


def verification(situation: Situation) -> Plan:
    """The record by which MXroute knows the owner; other texts at its name are none of our business."""
    wanted = situation.wanted.verification
    if wanted is None:
        return Plan(unchanged={Key.VERIFICATION: "MXroute asks for no verification record."})
    return text_step(situation, Key.VERIFICATION, wanted, "MXroute shall recognise the owner.")


def text_step(situation: Situation, key: Key, wanted: TextRecord, reason: str) -> Plan:
    """A text that shall stand at a name, besides whatever else is there."""
    if obstacle := situation.obstacle(key, wanted.name, "TXT"):
        return Plan(conflicts=[obstacle])
    if any(record.content.strip() == wanted.value for record in situation.at(wanted.name, "TXT")):
        return Plan(unchanged={key: f"{wanted.name} is there."})
    return Plan([_one_text(key, wanted.name, [], wanted.value, reason)])


def mail(situation: Situation) -> Plan:
    """`mail.` as an alias of the server."""
    return _alias(situation, Key.MAIL, f"mail.{situation.wanted.domain}", Replaceable.MAIL)


def webmail(situation: Situation) -> Plan:
    """`webmail.` as an alias of the server; only ever when asked for."""
    return _alias(situation, Key.WEBMAIL, f"webmail.{situation.wanted.domain}", Replaceable.WEBMAIL)


def _alias(situation: Situation, key: Key, name: str, what: Replaceable) -> Plan:
    host = situation.wanted.host
    if host is None:
        return _unsaid(key, "CNAME", name)
    if conflict := _in_the_way(situation, key, name, what):
        return Plan(conflicts=[conflict])
    aliases, addresses = situation.at(name, "CNAME"), situation.at(name, "A", "AAAA")
    right = [record for record in aliases if record.content in situation.wanted.mail_hosts]
    if right and not right[0].proxied:
        return Plan(unchanged={key: f"{name} leads to {right[0].content}."})
    if right:
        return Plan([_unproxied(key, name, right[0])])
    others = [*aliases, *addresses]
    if others and not situation.may_replace(what, others):
        reason = f"{name} leads elsewhere."
        return Plan(conflicts=[Conflict(key, others[0].type, name, _shown(others), reason, what)])
    return Plan(_made_alias(key, name, host, aliases, addresses))


def _in_the_way(situation: Situation, key: Key, name: str, what: Replaceable) -> Conflict | None:
    """What keeps an alias from standing at `name`, whoever may be replaced there."""
    if name in situation.domains:
        reason = f"{name} is a domain of this account by itself; what is published there is its own business."
        return Conflict(key, "CNAME", name, (), reason)
    obstacle = None if situation.at(name, "CNAME") else situation.obstacle(key, name, "CNAME")
    if obstacle is not None:
        return obstacle
    beside = [record for record in situation.at(name) if record.type not in {"CNAME", "A", "AAAA"}]
    if beside:
        kinds = ", ".join(sorted({record.type for record in beside}))
        return Conflict(key, "CNAME", name, _shown(beside), f"{name} has {kinds} records; no alias can stand there.")
    hidden = () if what in situation.replace else situation.hidden_by(name)
    if hidden:
        reason = f"{name} is answered by the wildcard {hidden[0].name}; an alias would take its place there."
        return Conflict(key, hidden[0].type, name, _shown(hidden), reason, what)
    return None


def _unproxied(key: Key, name: str, record: Record) -> SetChange:
    draft = RecordDraft("CNAME", name, record.content, ttl=record.ttl, proxied=False)
    reason = "Behind Cloudflare's proxy mail programs cannot connect; the name stays, plain."
    return SetChange(key, "CNAME", name, (record,), reason, patches=(Patch(record, draft),))


def _made_alias(key: Key, name: str, host: str, aliases: list[Record], addresses: list[Record]) -> list[SetChange]:
    reason = f"{name} shall lead to {host}."
    changes = [
        SetChange(key, kind, name, found, f"{reason} An address cannot stand beside an alias.", deletes=found)
        for kind in ("A", "AAAA")
        if (found := tuple(record for record in addresses if record.type == kind))
    ]
    if aliases:
        draft = RecordDraft("CNAME", name, host, ttl=aliases[0].ttl, comment=_comment(aliases))
        patch = Patch(aliases[0], draft)
        return [*changes, SetChange(key, "CNAME", name, tuple(aliases), reason, patches=(patch,))]
    draft = RecordDraft("CNAME", name, host, comment=COMMENT)
    return [*changes, SetChange(key, "CNAME", name, (), reason, posts=(draft,))]


def _one_text(key: Key, name: str, present: Sequence[Record], value: str, reason: str) -> SetChange:
    """`value` in place of `present`: one is changed, so that it keeps its id and lifetime, the others go."""
    if not present:
        return SetChange(key, "TXT", name, (), reason, posts=(RecordDraft("TXT", name, value, comment=COMMENT),))
    kept = next((record for record in present if record.content == value), present[0])
    draft = RecordDraft("TXT", name, value, ttl=kept.ttl, comment=_comment(present))
    patches = () if (kept.content, kept.comment) == (value, draft.comment) else (Patch(kept, draft),)
    rest = tuple(record for record in present if record is not kept)
    return SetChange(key, "TXT", name, tuple(present), reason, deletes=rest, patches=patches)


def _comment(records: Sequence[Record]) -> str:
    """People's comments stay; where nobody wrote one, ours tells whose work it is."""
    written = dict.fromkeys(record.comment for record in records if record.comment and record.comment != COMMENT)
    if len(written) == 1:
        return next(iter(written))
    return "; ".join(written)[:_LONGEST_COMMENT] or COMMENT


def _shown(records: Sequence[Record]) -> tuple[str, ...]:
    return tuple(f"{record.type} {record.content}" for record in records)


def _refused(
    key: Key, kind: str, name: str, found: Sequence[str], reason: str, replace: Replaceable | None = None
) -> Plan:
    return Plan(conflicts=[Conflict(key, kind, name, tuple(found), reason, replace)])


def _unsaid(key: Key, kind: str, name: str) -> Plan:
    return _refused(key, kind, name, (), "MXroute does not say what it expects here.")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


STEPS: dict[Key, Step] = {
    Key.MX: mx,
    Key.SPF: spf_step,
    Key.DKIM: dkim,
    Key.DMARC: dmarc_step,
    Key.VERIFICATION: verification,
    Key.MAIL: mail,
    Key.WEBMAIL: webmail,
}
