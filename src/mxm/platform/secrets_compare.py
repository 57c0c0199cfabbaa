"""Comparing secrets: as bytes, in the same time whatever they hold."""

import hmac


def same(left: str, right: str) -> bool:
    """Whether two secrets are equal; text outside ASCII is compared as well, not refused."""
    return hmac.compare_digest(left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass"))
