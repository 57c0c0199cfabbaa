"""The demo account: about two dozen domains in every state worth seeing, all of them reserved names (RFC 2606, 6761).

`example.com` has no mailboxes `alex` and `alice` and its sender lists lack `karen@hr.example.com`: the examples of the
documentation create them.
"""

from mxm_sandbox.mxroute.state import Package, ResellerUser, Secret
from mxm_sandbox.seed.parts import SEED_LOGIN, SeedDomain
from mxm_sandbox.seed.parts import SeedMailbox as Box

_TEAM = (Box("info", 312.4, sent=14), Box("office", 96.7, sent=3))
_FORTY = tuple(Box(f"person{number:02}", 12.5 * number, sent=number % 9) for number in range(1, 41))

DOMAINS: tuple[SeedDomain, ...] = (
    SeedDomain(
        "example.com",
        "zone_lacks_records",
        (Box("info", 214.8, sent=12), Box("sales", 530.2, 2048, sent=87), Box("support", 761.9, 2048, sent=140)),
        forwarders={"hello": ("info@example.com",), "jobs": ("sales@example.com", "people@example.org")},
    ),
    SeedDomain("healthy.example", "healthy", _TEAM, forwarders={"contact": ("info@healthy.example",)}),
    SeedDomain(
        "bakery.example",
        "healthy",
        (Box("orders", 402.0, sent=61), Box("flour", 18.3)),
        pointers={"bread.example": "alias", "cakes.example": "redirect"},
    ),
    SeedDomain("missing-spf.example", "missing_spf", _TEAM),
    SeedDomain("two-spf.example", "two_spf", _TEAM),
    SeedDomain("many-lookups.example", "spf_too_many_lookups", (Box("info", 55.0),)),
    SeedDomain("other-mx.example", "other_provider_mx", _TEAM),
    SeedDomain("broken-dkim.example", "broken_dkim", _TEAM),
    SeedDomain("no-dkim.example", "missing_dkim", (Box("info", 40.1),), has_dkim=False),
    SeedDomain("weak-dmarc.example", "dmarc_none", _TEAM),
    SeedDomain("pending-zone.example", "pending_zone", (Box("info", 3.2),)),
    SeedDomain("elsewhere.example", "zone_elsewhere", _TEAM),
    SeedDomain("proxied.example", "proxied_mail_name", (Box("info", 120.0, sent=5),)),
    SeedDomain("parked.example", "bare", mail_hosting=False, ssl_enabled=False),
    SeedDomain("nearly-full.example", "healthy", (Box("archive", 998.6, 1024), Box("info", 12.0))),
    SeedDomain("busy-sender.example", "other_senders", (Box("newsletter", 77.0, sent=9120), Box("info", 30.5, sent=2))),
    SeedDomain("suspended.example", "spf_void_lookups", (Box("former", 220.0, suspended=True), Box("info", 64.0))),
    SeedDomain("xn--bcher-kva.example", "healthy", (Box("laden", 145.0, sent=9),)),
    SeedDomain("empty.example", "healthy"),
    SeedDomain("forty.example", "healthy", _FORTY, high_score=8),
    SeedDomain(
        "forwards-only.example",
        "healthy",
        forwarders={
            "alerts": ("someone@gmail.com",),
            "noreply": (":blackhole:",),
            "old": (":fail:",),
            "team": ("info@healthy.example", "office@healthy.example", "sales@example.com"),
        },
        catch_all="address",
        catch_all_address="info@healthy.example",
    ),
    SeedDomain("quiet.example", "foreign_webmail", (Box("info", 1.1),), catch_all="blackhole"),
    SeedDomain("mail.example.org", "zone_of_parent", (Box("postmaster", 8.0), Box("robot", 2.0, 0, sent=900))),
    SeedDomain("shop.example.net", "no_webmail_name", _TEAM, ssl_enabled=False),
)

SPAM_LISTS: dict[str, tuple[str, ...]] = {
    "whitelist": ("*@healthy.example",),
    "blacklist": ("*@spam.test", "Prizes@lottery.test"),
}

# Not on the account yet, but their verification record is published already.
READY_TO_ADD = ("ready-to-add.example", "fresh-start.example", "new-shop.example.net", "soon.test")

# Names that are not on the account: with a zone at Cloudflare that has no mail records, and with DNS elsewhere.
ZONES_WITHOUT_MAIL = ("fresh-start.example", "new-shop.example.net", "onboard.example")
ZONES_ELSEWHERE = ("ready-to-add.example", "soon.test", "moving.example")

PACKAGES = (
    Package("basic"),
    Package("premium", 10, 10, 1000, 1000, 100),
    Package("boundless", None, None, None, None, None),
)


def _user(
    username: str, domain: str, package: str, quota_mb: int | None, used_mb: float, *, suspended: bool = False
) -> ResellerUser:
    secret = Secret.of(username, SEED_LOGIN)
    return ResellerUser(username, f"owner@{domain}", package, secret, domain, suspended, quota_mb, used_mb)


def users() -> tuple[ResellerUser, ...]:
    """The users of the reseller part; new objects each time, for they change."""
    return (
        _user("florist", "florist.example", "basic", 1024, 811.5),
        _user("garage", "garage.example", "premium", 10_240, 2310.0),
        _user("gone", "gone.example", "basic", 1024, 12.0, suspended=True),
        _user("press", "press.example", "boundless", None, 48_211.0),
    )
