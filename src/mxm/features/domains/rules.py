"""Which names may become pointers."""

from collections.abc import Iterable


def clash(pointer: str, target: str, domains: Iterable[str]) -> str | None:
    """The account's domain that a pointer would take mail from, if any.

    A pointer that equals or contains a domain, or lies under another one than its target, would let someone with
    rights on `target` receive mail of a domain that they have no rights on.
    """
    for domain in domains:
        if pointer == domain or domain.endswith(f".{pointer}"):
            return domain
        if domain != target and pointer.endswith(f".{domain}"):
            return domain
    return None
