"""Whether our token is any good."""

from mxm.upstreams.cloudflare import shapes, tags
from mxm.upstreams.cloudflare.link import CloudflareRead, Link, result_of
from mxm.upstreams.cloudflare.models import TokenState
from mxm.upstreams.transport.paths import fill

FRESH = 60.0


def state(link: Link) -> CloudflareRead[TokenState]:
    """`GET /user/tokens/verify`, and for a token that is no user's `GET /accounts/{account}/tokens/verify`.

    A token that Cloudflare does not know at all is an `UpstreamError`.
    """

    async def fetch() -> TokenState:
        said = await link.ask("/user/tokens/verify")
        # An account's token hears 401 (1000, "Invalid API Token") there, or 403: the same as a wrong one.
        if not said.succeeded and said.meaning == 401 and link.account:
            said = await link.ask(fill("/accounts/{account}/tokens/verify", account=link.account))
        return result_of(said, shapes.token, write=False)

    return CloudflareRead(link, "/user/tokens/verify", fetch, FRESH, frozenset({tags.TOKEN}))
