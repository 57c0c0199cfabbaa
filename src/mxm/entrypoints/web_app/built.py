"""What `npm run build` in web/ made, in memory: the page, the assets, the icon, and their compressed forms."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WEB_DIST = Path(__file__).parent.parent / "web_dist"
"""Where the build puts it; the wheel carries the folder."""
NONCE = b"__CSP_NONCE__"
"""Stands in the page wherever the server puts a fresh value (`html.cspNonce` of Vite)."""
_CODINGS = {".br": "br", ".gz": "gzip"}
_TYPES = {
    ".css": "text/css",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Our own table: the system's differs between machines, and scripts of the wrong type do not run (nosniff)."""


@dataclass(frozen=True, slots=True)
class File:
    """One file; `bodies` by content coding, "identity" always among them."""

    media_type: str
    bodies: Mapping[str, bytes]
    checksum: str


@dataclass(frozen=True, slots=True)
class Built:
    """The whole app; `files` by the path of their address, so that no address leads to any other file."""

    page: tuple[bytes, ...]
    files: Mapping[str, File]

    def page_with(self, nonce: str) -> bytes:
        """The page with `nonce` in its places."""
        return nonce.encode().join(self.page)


class WebApp:
    """The app in a folder, read when it is first asked for (less than 2 MB)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: Built | None = None

    @property
    def is_built(self) -> bool:
        """Whether there is an app to serve."""
        return (self._folder / "index.html").is_file()

    async def built(self) -> Built | None:
        """The app; None while it was not built."""
        if self._built is None:
            self._built = await asyncio.to_thread(self._read)
        return self._built

    def _read(self) -> Built | None:
        if not self.is_built:
            return None
        page = (self._folder / "index.html").read_bytes()
        assets = (path for path in (self._folder / "assets").rglob("*") if path.is_file())
        paths = [path for path in (*assets, self._folder / "favicon.svg") if path.suffix not in _CODINGS]
        files = {f"/{path.relative_to(self._folder).as_posix()}": _file(path) for path in paths if path.is_file()}
        return Built(tuple(page.split(NONCE)), files)


def _file(path: Path) -> File:
    plain = path.read_bytes()
    bodies = {"identity": plain}
    for suffix, coding in _CODINGS.items():
        compressed = path.with_name(path.name + suffix)
        if compressed.is_file():
            bodies[coding] = compressed.read_bytes()
    return File(_TYPES.get(path.suffix, "application/octet-stream"), bodies, hashlib.sha256(plain).hexdigest()[:32])
