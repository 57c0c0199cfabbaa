"""Names of what a cached read depends on; a write drops those it makes untrue."""

DOMAINS = "domains"
QUOTA = "quota"
EMAIL_QUOTA = "email-quota"
VERIFICATION_KEY = "verification-key"
SPAM_SETTINGS = "spam-settings"
USERS = "users"
PACKAGES = "packages"


def everything(domain: str) -> str:
    """All reads below one domain."""
    return f"everything:{domain.lower()}"


def domain(domain: str) -> str:
    """The detail of a domain."""
    return f"domain:{domain.lower()}"


def pointers(domain: str) -> str:
    """The pointers to a domain."""
    return f"pointers:{domain.lower()}"


def mailboxes(domain: str) -> str:
    """The mailboxes of a domain as a list."""
    return f"mailboxes:{domain.lower()}"


def mailbox(domain: str, user: str) -> str:
    """One mailbox."""
    return f"mailbox:{user.lower()}@{domain.lower()}"


def forwarders(domain: str) -> str:
    """The forwarders of a domain."""
    return f"forwarders:{domain.lower()}"


def catch_all(domain: str) -> str:
    """The catch-all of a domain."""
    return f"catch-all:{domain.lower()}"


def dns(domain: str) -> str:
    """The records MXroute expects of a domain."""
    return f"dns:{domain.lower()}"


def spam_list(kind: str) -> str:
    """The whitelist or blacklist: one for the whole account, under whichever domain it was read (facts.md)."""
    return f"spam:{kind}"


def user(username: str) -> str:
    """One reseller user."""
    return f"user:{username.lower()}"


def package(name: str) -> str:
    """One reseller package."""
    return f"package:{name.lower()}"
