"""How jobs are shown."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from mxm.platform.envelope import Input, Output, example

State = Literal["queued", "running", "succeeded", "partly_failed", "failed", "cancelled"]


class Progress(Output):
    """How far it is."""

    done: int = Field(examples=[12])
    total: int | None = Field(description="Null while it is not known how much there is to do.", examples=[60])
    eta_seconds: int | None = Field(
        description="From the budget and the pace; null while nothing can be said.", examples=[140]
    )


class Step(Output):
    """A part of the work."""

    name: str = Field(examples=["register"])
    state: str = Field(examples=["waiting"])
    message: str = Field(examples=["Waiting for the verification record in public DNS."])
    at: datetime


class JobError(Output):
    """Why it failed as a whole."""

    code: str = Field(examples=["unavailable"])
    message: str


class WaitingBudget(Output):
    """What an upstream takes is used up."""

    upstream: str = Field(examples=["MXroute"])
    kind: Literal["read", "write", "request"] = Field(description="`request` where reads and writes count together.")
    limit: int = Field(description="So many in `seconds`.", examples=[20])
    seconds: float = Field(examples=[60])


class JobOut(Output):
    """A job."""

    id: str = Field(examples=["9f1c2b7d4e5a4b0f8c6d7e8f90a1b2c3"])
    kind: str = Field(examples=["mailbox.import"])
    state: State
    progress: Progress
    steps: list[Step]
    results: dict[str, Any] | None = Field(
        description="What came of it so far, in the form of its kind; null until there is any. Lists and events leave "
        "out `rows`."
    )
    error: JobError | None
    created_by: str = Field(description="A login, `token:<label>` or `system`.", examples=["token:ci"])
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    waiting_for: str | None = Field(description="The trouble that puts it off; it is tried again by itself.")
    waiting_until: datetime | None = Field(description="It waits on purpose and goes on at this time.")
    waiting_budget: WaitingBudget | None = Field(description="It waits because this is used up.")


class CancelIn(Input):
    """Nothing is due; the body may be left out."""


class PasswordsIn(Input):
    """With `acknowledge` the passwords are erased: say so once they are kept elsewhere."""

    model_config = example({"acknowledge": True})

    acknowledge: bool = False


class NewPassword(Output):
    """A mailbox and the password that was made for it."""

    email: str = Field(examples=["alex@example.com"])
    password: str


class PasswordsOut(Output):
    """Generated passwords."""

    passwords: list[NewPassword]
    expires_at: datetime | None = Field(description="They are erased then; null while the job runs.")


class JobFilter(Output):
    """Which jobs are wanted; all conditions must hold."""

    creator_key: str | None = None
    state: str | None = None
    kind: str | None = None
    before: tuple[datetime, str] | None = None
