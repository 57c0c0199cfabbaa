"""The rest of the world: the mail servers, MXroute's own zone, and some well-known senders with their SPF records.

The networks in the SPF records are those reserved for documentation (RFC 5737, 3849); only their number of look-ups is
as in life. Two names are here to make look-ups go wrong: `many.spf.test` and `void.spf.test`.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from mxm_sandbox.dns.strings import quoted, split
from mxm_sandbox.dns.zonedata import Rr, ZoneData
from mxm_sandbox.names import relay_of

_TTL_SECONDS = 300
_NETS = "ip4:192.0.2.0/24 ip4:198.51.100.0/24"
ROOT = ZoneData("", (), name_servers=("a.root-servers.net",), contact="nstld.verisign-grs.com")

# Zone to names and their SPF policy.
_SPF: dict[str, dict[str, str]] = {
    "mxroute.com": {"mxroute.com": f"{_NETS} ip4:203.0.113.0/24 -all"},
    "google.com": {
        "google.com": "include:_spf.google.com ~all",
        "_spf.google.com": "include:_netblocks.google.com include:_netblocks2.google.com "
        "include:_netblocks3.google.com ~all",
        "_netblocks.google.com": f"{_NETS} ~all",
        "_netblocks2.google.com": "ip6:2001:db8::/32 ~all",
        "_netblocks3.google.com": "ip4:203.0.113.0/24 ~all",
    },
    "outlook.com": {
        "spf.protection.outlook.com": f"{_NETS} include:spfd.protection.outlook.com -all",
        "spfd.protection.outlook.com": "ip4:203.0.113.0/24 -all",
    },
    "sendgrid.net": {"sendgrid.net": "ip4:198.51.100.0/25 include:ab.sendgrid.net ~all", "ab.sendgrid.net": "~all"},
    "mailgun.org": {
        "mailgun.org": "include:_spf.mailgun.org include:_spf.eu.mailgun.org -all",
        "_spf.mailgun.org": "ip4:192.0.2.0/25 -all",
        "_spf.eu.mailgun.org": "ip4:192.0.2.128/25 -all",
    },
    "mcsv.net": {"servers.mcsv.net": "ip4:203.0.113.0/25 -all"},
    "mandrillapp.com": {"spf.mandrillapp.com": "ip4:203.0.113.128/25 -all"},
    "amazonses.com": {"amazonses.com": "ip4:198.51.100.128/25 -all"},
    "mtasv.net": {"spf.mtasv.net": "ip4:198.51.100.64/26 ~all"},
    "zendesk.com": {"mail.zendesk.com": "ip4:192.0.2.64/26 ~all"},
    "zoho.com": {"zoho.com": "include:spf.zoho.com ~all", "spf.zoho.com": "ip4:192.0.2.192/26 -all"},
    "brevo.com": {"spf.brevo.com": "ip4:203.0.113.64/26 -all"},
    "salesforce.com": {"_spf.salesforce.com": "exists:%{i}._spf.mta.salesforce.com -all"},
    "spf.test": {
        "many.spf.test": " ".join([*(f"include:n{number}.many.spf.test" for number in range(1, 13)), "-all"]),
        **{f"n{number}.many.spf.test": "ip4:192.0.2.1 -all" for number in range(1, 13)},
        "void.spf.test": "a:gone1.void.spf.test a:gone2.void.spf.test mx:gone3.void.spf.test -all",
    },
}
# Those of Cloudflare, of which an account is given two.
NAME_SERVERS = tuple(f"{name}.ns.cloudflare.com" for name in ("ada", "bob", "cora", "dion", "elma", "finn"))
_HOSTS: dict[str, tuple[str, ...]] = {
    "google.com": ("aspmx.l.google.com", "alt1.aspmx.l.google.com", "alt2.aspmx.l.google.com"),
    "googlehosted.com": ("ghs.googlehosted.com",),
    "outlook.com": ("smtp.office365.outlook.com",),
    "cloudflare.com": NAME_SERVERS,
    "old-host.test": ("ns1.old-host.test", "ns2.old-host.test", "mx1.old-host.test", "mx2.old-host.test"),
    "sendgrid.net": ("sendgrid.net",),
    "webmail-host.test": ("portal.webmail-host.test",),
}


@cache
def well_known() -> Mapping[str, ZoneData]:
    """The zones of other people."""
    records: dict[str, list[Rr]] = {zone: [] for zone in (*_SPF, *_HOSTS)}
    for zone, policies in _SPF.items():
        for name, policy in policies.items():
            records[zone].append(Rr(name, "TXT", _TTL_SECONDS, quoted(split(f"v=spf1 {policy}".encode()))))
    for zone, hosts in _HOSTS.items():
        records[zone] += [Rr(host, "A", _TTL_SECONDS, f"127.0.53.{number}") for number, host in enumerate(hosts, 1)]
    return {zone: _zone(zone, rrs) for zone, rrs in records.items()}


def _zone(name: str, records: Iterable[Rr]) -> ZoneData:
    """A zone with two name servers of its own, which have addresses."""
    servers = (f"ns1.{name}", f"ns2.{name}")
    listed = list(records)
    known = {record.name for record in listed}
    listed += [Rr(server, "A", _TTL_SECONDS, "127.0.53.53") for server in servers if server not in known]
    return ZoneData(name, listed, name_servers=servers)


@lru_cache(maxsize=8)
def mail_hosts(server: str, address: str) -> Mapping[str, ZoneData]:
    """The zone of the account's mail server and its relay; both have `address`."""
    parent = server.lower().partition(".")[2]
    hosts = [Rr(name, "A", _TTL_SECONDS, address) for name in (server.lower(), relay_of(server.lower()))]
    others = well_known()[parent].records if parent in well_known() else ()
    return {parent: _zone(parent, [*others, *hosts])}
