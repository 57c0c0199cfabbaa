"""What the zones of the seed say: the records of a domain that is set up well, and what is wrong in each scenario."""

from collections.abc import Callable
from dataclasses import dataclass

from mxm_sandbox.dns.strings import quoted, split
from mxm_sandbox.mxroute import dkim
from mxm_sandbox.mxroute.dnsinfo import SPF
from mxm_sandbox.mxroute.domains import VERIFIED
from mxm_sandbox.names import relay_of

_WEB_ADDRESS = "127.0.80.80"


@dataclass(frozen=True, slots=True)
class SeedRecord:
    """A record of the seed; the name is absolute, TXT content as it comes back from Cloudflare."""

    name: str
    type: str
    content: str
    priority: int | None = None
    proxied: bool = False
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What MXroute wants to see for a domain."""

    domain: str
    server: str
    verification_key: str
    seed: int


Records = list[SeedRecord]


def txt(name: str, value: str, comment: str | None = None) -> SeedRecord:
    """A TXT record of a plain value."""
    return SeedRecord(name, "TXT", quoted(split(value.encode())), comment=comment)


def web(domain: str) -> Records:
    """The website, which every zone has and nobody may touch."""
    return [
        SeedRecord(domain, "A", _WEB_ADDRESS, proxied=True),
        SeedRecord(f"www.{domain}", "CNAME", domain, proxied=True),
    ]


def _mx(facts: Facts) -> Records:
    server = facts.server.lower()
    return [SeedRecord(facts.domain, "MX", host, priority) for priority, host in ((10, server), (20, relay_of(server)))]


def _dkim(facts: Facts, key_of: str) -> SeedRecord:
    return txt(f"{dkim.SELECTOR}._domainkey.{facts.domain}", dkim.record(facts.seed, key_of))


def _spf(facts: Facts, policy: str = SPF) -> SeedRecord:
    return txt(facts.domain, policy)


def _dmarc(facts: Facts, policy: str = "p=quarantine; sp=quarantine; adkim=r; aspf=r;") -> SeedRecord:
    return txt(f"_dmarc.{facts.domain}", f"v=DMARC1; {policy}")


def _names(facts: Facts, *, proxied: bool = False, webmail: str | None = None) -> Records:
    server = facts.server.lower()
    return [
        SeedRecord(f"mail.{facts.domain}", "CNAME", server, proxied=proxied),
        SeedRecord(f"webmail.{facts.domain}", "CNAME", webmail or server),
    ]


def _verification(facts: Facts) -> SeedRecord:
    return txt(f"{facts.verification_key}.{facts.domain}", VERIFIED)


def _with(  # a healthy domain, apart from what is given
    facts: Facts,
    *,
    mx: Records | None = None,
    spf: Records | None = None,
    key: Records | None = None,
    dmarc: Records | None = None,
    names: Records | None = None,
) -> Records:
    return [
        *web(facts.domain),
        *(_mx(facts) if mx is None else mx),
        *([_spf(facts)] if spf is None else spf),
        *([_dkim(facts, facts.domain)] if key is None else key),
        *([_dmarc(facts)] if dmarc is None else dmarc),
        _verification(facts),
        *(_names(facts) if names is None else names),
    ]


def _senders(*includes: str, end: str = "-all") -> str:
    return " ".join(["v=spf1", *(f"include:{name}" for name in includes), end])


_MANY = ("_spf.google.com", "spf.protection.outlook.com", "sendgrid.net", "mailgun.org", "servers.mcsv.net")


def _lacking(facts: Facts) -> Records:
    return [*web(facts.domain), txt(facts.domain, "google-site-verification=example-com-stays-here")]


def _other_provider(facts: Facts) -> Records:
    hosts = ((1, "aspmx.l.google.com"), (5, "alt1.aspmx.l.google.com"), (5, "alt2.aspmx.l.google.com"))
    mx = [SeedRecord(facts.domain, "MX", host, priority) for priority, host in hosts]
    return _with(facts, mx=mx, spf=[_spf(facts, _senders("_spf.google.com", end="~all"))])


def _other_senders(facts: Facts) -> Records:
    """Much that is not ours, and all of it must survive: site verification, other senders, a strict DMARC policy."""
    records = _with(
        facts,
        spf=[_spf(facts, "v=spf1 ip4:203.0.113.7 include:_spf.google.com include:sendgrid.net ~all")],
        dmarc=[_dmarc(facts, f"p=reject; sp=reject; adkim=s; aspf=s; rua=mailto:dmarc@{facts.domain}")],
    )
    return [
        *records,
        txt(facts.domain, "google-site-verification=4vX-busy-sender", comment="Search Console, ask Kim"),
        txt(facts.domain, "MS=ms12345678"),
        txt(facts.domain, "facebook-domain-verification=abc123def456"),
        SeedRecord(facts.domain, "CAA", '0 issue "letsencrypt.org"'),
        SeedRecord(f"em.{facts.domain}", "CNAME", "sendgrid.net", comment="Newsletter links"),
        txt(f"s1._domainkey.{facts.domain}", dkim.record(facts.seed, "sendgrid.net")),
    ]


_SCENARIOS: dict[str, Callable[[Facts], Records]] = {
    "healthy": _with,
    "zone_lacks_records": _lacking,
    "bare": lambda facts: web(facts.domain),
    "missing_spf": lambda facts: _with(facts, spf=[]),
    "two_spf": lambda facts: _with(facts, spf=[_spf(facts), _spf(facts, _senders("_spf.google.com", end="~all"))]),
    "spf_too_many_lookups": lambda facts: _with(facts, spf=[_spf(facts, _senders("mxroute.com", *_MANY))]),
    "spf_void_lookups": lambda facts: _with(facts, spf=[_spf(facts, _senders("mxroute.com", "void.spf.test"))]),
    "other_provider_mx": _other_provider,
    "broken_dkim": lambda facts: _with(facts, key=[_dkim(facts, f"another.{facts.domain}")]),
    "missing_dkim": lambda facts: _with(facts, key=[]),
    "dmarc_none": lambda facts: _with(facts, dmarc=[_dmarc(facts, "p=none")]),
    "pending_zone": _with,
    "proxied_mail_name": lambda facts: _with(facts, names=_names(facts, proxied=True)),
    "foreign_webmail": lambda facts: _with(facts, names=_names(facts, webmail="portal.webmail-host.test")),
    "zone_of_parent": _with,
    "no_webmail_name": lambda facts: _with(facts, names=_names(facts)[:1]),
    "other_senders": _other_senders,
}


def records_of(scenario: str, facts: Facts) -> Records:
    """The records of a domain in a scenario."""
    return _SCENARIOS[scenario](facts)


def old_provider(domain: str) -> Records:
    """What a domain shows as long as its name servers are those of another provider."""
    return [
        SeedRecord(domain, "A", "127.0.54.80"),
        SeedRecord(f"www.{domain}", "CNAME", domain),
        SeedRecord(domain, "MX", "mx1.old-host.test", 10),
        SeedRecord(domain, "MX", "mx2.old-host.test", 20),
        txt(domain, "v=spf1 mx ~all"),
    ]


def half_moved(facts: Facts) -> Records:
    """A domain whose DNS is elsewhere: mail comes in already, but nobody has set up the rest."""
    others = [record for record in old_provider(facts.domain) if record.type not in {"MX", "TXT"}]
    site = txt(facts.domain, "google-site-verification=elsewhere-example")
    return [*others, *_mx(facts), _spf(facts, "v=spf1 mx ~all"), site, _verification(facts)]
