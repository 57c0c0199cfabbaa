"""Whether a sign-in comes from our own page: browsers say where a request was made, scripts say nothing."""

from urllib.parse import urlsplit


def is_cross_site(*, fetch_site: str | None, origin: str | None, host: str | None, public_url: str | None) -> bool:
    """True when the browser tells of another site (Fetch Metadata, RFC 6454)."""
    if fetch_site == "cross-site":
        return True
    if origin is None:
        return False
    ours = {host, urlsplit(public_url).netloc if public_url else host}
    try:
        return urlsplit(origin).netloc not in ours or origin == "null"
    except ValueError:  # no browser says that
        return True


def local_path(target: str | None) -> str:
    """Where to go after signing in: a path of our own, or the front page. Never another site."""
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"}:
        return "/"
    if any(ord(char) <= 32 or ord(char) == 127 or char == "\\" for char in target) or not target.isascii():
        return "/"
    return target
