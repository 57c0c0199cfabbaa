"""Fills an account with many domains and mailboxes, fast and the same way for the same seed."""

from mxm_sandbox.mxroute.state import Account, HostedDomain
from mxm_sandbox.randomness import derive
from mxm_sandbox.seed.parts import SeedMailbox, mailbox_from


def scale_account(account: Account, *, seed: int, domains: int, mailboxes: int) -> None:
    """Bring the totals of the account up to `domains` and `mailboxes`; what is there stays.

    New mailboxes are spread evenly over the domains that scaling made (`d00001.example.net` and so on).
    """
    number = 0
    while len(account.domains) < domains:
        number += 1
        name = _name(number)
        account.domains.setdefault(name, HostedDomain(name, dns_scenario="healthy"))
    _add_mailboxes(account, _scaled(account), seed, mailboxes - account.mailbox_count())


def _name(number: int) -> str:
    return f"d{number:05}.example.net"


def _scaled(account: Account) -> list[HostedDomain]:
    """The domains that scaling made; on an account without any, all of its domains."""
    made = [domain for name, domain in account.domains.items() if name[0] == "d" and name.endswith(".example.net")]
    return made or list(account.domains.values())


def _add_mailboxes(account: Account, domains: list[HostedDomain], seed: int, missing: int) -> None:
    chance = derive(seed, "scale")
    number = 0
    while missing > 0 and domains:
        number += 1
        username = f"user{number:05}"
        for domain in domains[: min(missing, len(domains))]:
            if username in domain.mailboxes:
                continue
            part = SeedMailbox(username, usage_mb=round(chance.uniform(0.5, 900), 1), sent=chance.randrange(60))
            domain.mailboxes[username] = mailbox_from(part, domain.name)
            missing -= 1
