"""Makes the account a sandbox starts with."""

from dataclasses import replace

from mxm_sandbox.config import SandboxConfig
from mxm_sandbox.mxroute.domains import VERIFIED
from mxm_sandbox.mxroute.state import Account
from mxm_sandbox.randomness import derive
from mxm_sandbox.records import PublishedRecords
from mxm_sandbox.seed import demo
from mxm_sandbox.seed.parts import domain_from


def build_account(config: SandboxConfig, records: PublishedRecords, now: float) -> Account:
    """The account of the chosen world; publishes the verification records of the names ready to be added."""
    key = f"_da-verify-{derive(config.seed, 'verification').randbytes(16).hex()}"
    account = Account(verification_key=key)
    if config.world == "demo":
        _fill(account)
        for name in demo.READY_TO_ADD:
            records.publish(f"{key}.{name}", "TXT", [VERIFIED])
    account.renew_usage(now)
    return account


def _fill(account: Account) -> None:
    account.domains = {part.name: domain_from(part) for part in demo.DOMAINS}
    account.spam_lists = {
        "whitelist": list(demo.SPAM_LISTS["whitelist"]),
        "blacklist": list(demo.SPAM_LISTS["blacklist"]),
    }
    account.packages = {package.name: replace(package) for package in demo.PACKAGES}
    account.users = {user.username: user for user in demo.users()}
