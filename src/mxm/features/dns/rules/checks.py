"""Judging what public DNS says: each check from its look-ups alone. What could not be looked up is `unknown`."""

from mxm.features.dns.rules import dmarc, spf
from mxm.features.dns.rules.dkim import key_of, same_key
from mxm.features.dns.rules.mx import named, parsed
from mxm.features.dns.rules.wanted import DmarcWish, Wanted
from mxm.features.dns.schemas import Check, Status
from mxm.upstreams.resolver import Lookup, SpfCost


def mx(wanted: Wanted, found: Lookup) -> Check:
    """Whether mail comes to MXroute, and to nobody else."""
    expected = [f"{priority} {host}" for priority, host in sorted(wanted.mx)]
    if found.is_unknown or not expected:
        return _unknown("MX", expected, found if found.is_unknown else None)
    hosts = frozenset(host for _, host in map(parsed, found.values))
    foreign, missing = hosts - wanted.mx_hosts, wanted.mx_hosts - hosts
    if not hosts:
        status, message = Status.FAIL, "No mail exchanger is published: mail for this domain is not delivered."
    elif not hosts & wanted.mx_hosts:
        status, message = Status.FAIL, f"Mail goes to {named(foreign)}, not to MXroute."
    elif foreign:
        status, message = Status.WARN, f"Besides MXroute, mail goes to {named(foreign)}."
    elif missing:
        status, message = Status.WARN, f"{', '.join(sorted(missing))} is missing."
    else:
        status, message = Status.PASS, "Mail comes to MXroute."
    return Check(status=status, label="MX", expected=expected, found=sorted(found.values), message=message)


def spf_check(wanted: Wanted, found: Lookup, cost: SpfCost | None, redirected: Lookup | None = None) -> Check:
    """Whether MXroute may send, by one record that receivers can evaluate; `redirected` is where it hands over to."""
    expected = [wanted.spf] if wanted.spf else []
    if found.is_unknown or wanted.spf is None:
        return _unknown("SPF", expected, found if found.is_unknown else None)
    records = [text for text in found.values if spf.is_spf(text)]
    by_redirect = spf.allows_by_redirect(redirected.values if redirected else (), wanted.spf)
    if redirected is not None and redirected.is_unknown and not spf.allows(records[0], wanted.spf):
        return _unknown("SPF", expected, redirected)
    status, message = _spf_verdict(records, wanted.spf, cost, by_redirect=by_redirect)
    return Check(
        status=status,
        label="SPF",
        expected=expected,
        found=records,
        message=message,
        lookups=cost.lookups if cost else None,
        void_lookups=cost.void if cost else None,
    )


def _spf_verdict(records: list[str], wanted: str, cost: SpfCost | None, *, by_redirect: bool) -> tuple[Status, str]:
    readable = len(records) == 1 and spf.terms(records[0]) is not None
    if not readable or not (by_redirect or spf.allows(records[0], wanted)):
        return Status.FAIL, _spf_fault(records, wanted)
    if cost is None:
        return Status.PASS, "MXroute may send. How many look-ups the record takes could not be counted."
    if cost.broken is not None:
        return Status.FAIL, f"Receivers cannot evaluate the record: {cost.broken}."
    if cost.lookups > spf.MOST_LOOKUPS:
        return Status.FAIL, f"Evaluating the record takes {cost.lookups} look-ups; receivers give up after ten."
    if cost.void > spf.MOST_VOID_LOOKUPS:
        return Status.WARN, f"{cost.void} look-ups of the record find nothing; many receivers give up after two."
    message = f"MXroute may send. {cost.lookups} of ten look-ups are used."
    if cost.unknown:
        message = f"MXroute may send. At least {cost.lookups} of ten look-ups are used; not all could be counted."
    if spf.lets_everyone_send(records[0]):
        message += " So may everybody else: the record ends with +all."
    return Status.PASS, message


def _spf_fault(records: list[str], wanted: str) -> str:
    if not records:
        return "No SPF record: receivers cannot tell that MXroute may send."
    if len(records) > 1:
        return f"{len(records)} SPF records: receivers treat that as an error and honour none of them."
    if spf.terms(records[0]) is None:
        return "The SPF record has a term that cannot be read."
    missing = " ".join(term.text for term in spf.senders(wanted))
    return f"MXroute may not send for this domain: the record has no {missing}."


def dkim(wanted: Wanted, found: Lookup | None) -> Check:
    """Whether receivers find the key that MXroute signs with."""
    if wanted.dkim is None:
        no_key = skipped("DKIM", "MXroute has no DKIM key for the domain.")
        return no_key if wanted.known else _unknown("DKIM", [], None)
    expected = [wanted.dkim.value]
    if found is None or found.is_unknown:
        return _unknown("DKIM", expected, found)
    keys = [text for text in found.values if key_of(text) is not None]
    if not keys:
        status, message = Status.FAIL, f"No key at {wanted.dkim.name}: signatures cannot be verified."
    elif not any(same_key(text, wanted.dkim.value) for text in keys):
        status, message = Status.FAIL, "Another key is published: MXroute's signatures fail."
    elif len(keys) > 1:
        status, message = Status.WARN, "Several keys are published at one selector; receivers may take the wrong one."
    else:
        status, message = Status.PASS, "The key is published."
    return Check(status=status, label="DKIM", expected=expected, found=list(found.values), message=message)


def dmarc_check(wish: DmarcWish, found: Lookup, inherited: Lookup | None) -> Check:
    """Whether a valid policy holds that is at least as strict as the wanted one."""
    expected = [wish.record]
    if found.is_unknown:
        return _unknown("DMARC", expected, found)
    records = [text for text in found.values if dmarc.is_dmarc(text)]
    if not records and inherited is not None:
        return _inherited(wish, inherited)
    status, message = _dmarc_verdict(records, wish)
    return Check(status=status, label="DMARC", expected=expected, found=records, message=message)


def _dmarc_verdict(records: list[str], wish: DmarcWish) -> tuple[Status, str]:
    if len(records) != 1:
        many = f"{len(records)} DMARC records: receivers honour none of them."
        return Status.FAIL, many if records else "No DMARC policy is published."
    policy, wanted = dmarc.parse(records[0]), dmarc.parse(wish.record)
    if not policy.valid:
        return Status.FAIL, f"The DMARC record is not valid: {policy.problems[0]}."
    held = dmarc.states(policy, wanted) if wish.custom else dmarc.at_least_as_strict(policy, wanted)
    if held and wish.custom:
        return Status.PASS, "The domain's own policy is published."
    if held:
        return Status.PASS, f"A valid policy is published (p={policy.tags['p']})."
    if wish.custom:
        return Status.WARN, "The published policy is not the one that was set for this domain."
    return Status.WARN, "The published policy is weaker than the wanted one."


def _inherited(wish: DmarcWish, found: Lookup) -> Check:
    """A name without a policy of its own falls under that of a parent (RFC 7489, 6.6.3)."""
    if found.is_unknown:
        return _unknown("DMARC", [wish.record], found)
    records = [text for text in found.values if dmarc.is_dmarc(text)]
    policy = dmarc.for_subdomain(records[0])
    held = not wish.custom and dmarc.at_least_as_strict(policy, dmarc.parse(wish.record))
    return Check(
        status=Status.PASS if held else Status.FAIL,
        label="DMARC",
        expected=[wish.record],
        found=records,
        message=f"The policy of {found.name} holds here."
        if held
        else f"No policy of its own, and that of {found.name} is not the wanted one.",
    )


def verification(wanted: Wanted, found: Lookup | None) -> Check:
    """Whether MXroute finds the record that proves who owns the domain."""
    record = wanted.verification
    if record is None:
        no_record = skipped("Verification", "MXroute asks for no record.")
        return no_record if wanted.known else _unknown("Verification", [], None)
    if found is None or found.is_unknown:
        return _unknown("Verification", [record.value], found)
    held = any(text.strip() == record.value for text in found.values)
    return Check(
        status=Status.PASS if held else Status.FAIL,
        label="Verification",
        expected=[record.value],
        found=list(found.values),
        message="The record is published." if held else f"{record.name} is missing.",
    )


def name(label: str, host: str, wanted: Wanted, cname: Lookup, address: Lookup, *, opt_in: bool = False) -> Check:
    """Whether `host` (mail.… or webmail.…) is an alias of the account's server."""
    expected = [wanted.host] if wanted.host else []
    if cname.is_unknown or address.is_unknown or wanted.host is None:
        lookup = next((each for each in (cname, address) if each.is_unknown), None)
        return _unknown(label, expected, lookup, expected_host=wanted.host)
    targets, addresses = list(cname.values), list(address.values)
    if any(target in wanted.mail_hosts for target in targets):
        status, message = Status.PASS, f"{host} leads to {targets[0]}."
    elif targets:
        status, message = Status.WARN if opt_in else Status.FAIL, f"{host} leads to {targets[0]} instead."
    elif addresses:
        message = f"{host} is an address, or stands behind a proxy; it should be a plain alias of {wanted.host}."
        status = Status.WARN if opt_in else Status.FAIL
    elif opt_in:
        status, message = Status.SKIPPED, f"{host} is not set up; that is a matter of choice."
    else:
        status, message = Status.FAIL, f"{host} does not exist."
    return Check(
        status=status,
        label=label,
        expected=expected,
        found=targets or addresses,
        message=message,
        expected_host=wanted.host,
    )


def skipped(label: str, why: str) -> Check:
    """A check that does not apply."""
    return Check(status=Status.SKIPPED, label=label, expected=[], found=[], message=why)


def pending(label: str, why: str) -> Check:
    """A check whose time has not come."""
    return Check(status=Status.PENDING, label=label, expected=[], found=[], message=why)


def _unknown(label: str, expected: list[str], lookup: Lookup | None, expected_host: str | None = None) -> Check:
    """`lookup` is the one that failed; None: what MXroute expects is not known."""
    why = "What MXroute expects is not known for the moment."
    if lookup is not None:
        why = f"{lookup.name} could not be looked up: {lookup.reason or 'no answer'}."
    return Check(
        status=Status.UNKNOWN, label=label, expected=expected, found=[], message=why, expected_host=expected_host
    )
