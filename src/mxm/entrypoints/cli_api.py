"""What the commands that use a manager's API share: where it is, who asks, and errors in one line."""

import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from mxm.entrypoints.refusal import CannotStart
from mxm.platform.errors import ValidationFailed
from mxm.upstreams.manager_api import ApiError, ManagerApi


@contextmanager
def manager(url: str | None) -> Iterator[ManagerApi]:
    """The manager at `url` or MXM_URL, with the token in MXM_TOKEN. What fails inside is a `CannotStart`.

    There is no option for the token: other users of the machine can read command lines.
    """
    address, token = url or os.environ.get("MXM_URL", ""), os.environ.get("MXM_TOKEN", "")
    if missing := [name for name, value in (("MXM_URL", address), ("MXM_TOKEN", token)) if not value]:
        raise CannotStart(f"Set {' and '.join(missing)}: the address of the manager and an API token of it.")
    try:
        found = ManagerApi(address, token)
    except ValueError as error:
        raise CannotStart(str(error)) from None
    if found.is_exposed:
        print(f"warning: {address} is not HTTPS: the token crosses the network in the clear", file=sys.stderr)  # noqa: T201
    with found:
        try:
            yield found
        except ApiError as error:
            raise CannotStart(in_one_line(error)) from None
        except ValidationFailed as error:
            raise CannotStart(error.message) from None


def in_one_line(error: ApiError) -> str:
    """The API's message, with every wrong field that it does not name already."""
    more = [detail for detail in error.details if detail not in error.message]
    return visible(" ".join(" ".join([error.message, *(f"({detail})" for detail in more)]).split()))


def visible(text: str) -> str:
    """The text without anything that a terminal would obey: much of what is shown was published by strangers."""
    return "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c != "\n" else c for c in text)
