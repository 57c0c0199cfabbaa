"""The bare framework that we are measured against: the same models, a bare token check, no database, no upstream."""

import sys
from typing import Annotated

from fastapi import FastAPI, Header, HTTPException

from mxm.features.mailboxes.schemas import MailboxOut
from mxm.platform.envelope import Meta, Ok

TOKEN = "bare"  # noqa: S105 - a stand-in
app = FastAPI(openapi_url=None)

MAILBOXES = [
    MailboxOut(
        username=f"user{n}",
        email=f"user{n}@example.com",
        quota=1024,
        usage=12.5,
        limit=9600,
        sent=3,
        suspended=False,
        recovery_email=None,
        has_recovery_email=False,
    )
    for n in range(25)
]


@app.get("/api/domains/{domain}/email-accounts")
async def list_mailboxes(domain: str, authorization: Annotated[str, Header()]) -> Ok[list[MailboxOut]]:
    """As the real one, without anything behind it."""
    if authorization != f"Bearer {TOKEN}":
        raise HTTPException(401)
    return Ok(data=MAILBOXES, meta=Meta(stale=False))


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
