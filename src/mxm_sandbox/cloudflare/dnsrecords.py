"""Operations on DNS records, one at a time and in batches."""

from collections.abc import Callable
from typing import Any

from mxm_sandbox.cloudflare.call import Call, Reply
from mxm_sandbox.cloudflare.draft import Draft
from mxm_sandbox.cloudflare.errors import ApiError, bad
from mxm_sandbox.cloudflare.filters import select
from mxm_sandbox.cloudflare.lookups import zone_of
from mxm_sandbox.cloudflare.paging import page_of
from mxm_sandbox.cloudflare.record import Record
from mxm_sandbox.cloudflare.state import Store

MAX_PAGE = 5_000
Change = Callable[[Draft, dict[str, Any]], Record]
# The order in which Cloudflare carries a batch out, whatever the order in the body.
_BATCH: tuple[tuple[str, Change], ...] = (
    ("deletes", lambda draft, body: draft.delete(body.get("id"))),
    ("patches", lambda draft, body: draft.patch(body.get("id"), body)),
    ("puts", lambda draft, body: draft.put(body.get("id"), body)),
    ("posts", lambda draft, body: draft.post(body)),
)


def list_records(store: Store, call: Call) -> Reply:
    """Records of a zone, oldest first, in pages of 100 unless asked otherwise."""
    query = call.query()
    chosen = select(list(zone_of(store, call).records.values()), query)
    part, info = page_of(chosen, query, default=100, most=MAX_PAGE)
    return Reply([record.as_json() for record in part], info)


def get_record(store: Store, call: Call) -> Reply:
    """One record."""
    return Reply(Draft(zone_of(store, call), store.new_id, call.now).found(call.params["record"]).as_json())


def _change(store: Store, call: Call, change: Callable[[Draft], Record]) -> Record:
    zone = zone_of(store, call)
    draft = Draft(zone, store.new_id, call.now)
    record = change(draft)
    store.commit(zone, draft.records, call.now)
    return record


def create_record(store: Store, call: Call) -> Reply:
    """Add a record."""
    body = call.body()
    return Reply(_change(store, call, lambda draft: draft.post(body)).as_json())


def replace_record(store: Store, call: Call) -> Reply:
    """Replace a record; what is not given is lost, its comment too."""
    body = call.body()
    return Reply(_change(store, call, lambda draft: draft.put(call.params["record"], body)).as_json())


def update_record(store: Store, call: Call) -> Reply:
    """Change parts of a record."""
    body = call.body()
    return Reply(_change(store, call, lambda draft: draft.patch(call.params["record"], body)).as_json())


def delete_record(store: Store, call: Call) -> Reply:
    """Remove a record."""
    return Reply({"id": _change(store, call, lambda draft: draft.delete(call.params["record"])).id})


def batch(store: Store, call: Call) -> Reply:
    """Deletes, patches, puts and posts, in this order and in one transaction. An error names the part that failed."""
    zone = zone_of(store, call)
    lists = _lists(call)
    count = sum(map(len, lists.values()))
    most = call.config.cloudflare_batch_max
    if count > most:
        raise bad(9400, f"Batch has {count} operations, exceeding the quota of {most}.")
    draft = Draft(zone, store.new_id, call.now)
    result: dict[str, list[dict[str, Any]]] = {}
    for name, change in _BATCH:
        result[name] = []
        for index, body in enumerate(lists[name]):
            try:
                result[name].append(change(draft, body).as_json())
            except ApiError as error:
                raise error.at(f"/{name}/{index}") from None
    store.commit(zone, draft.records, call.now)
    return Reply(result)


def _lists(call: Call) -> dict[str, list[dict[str, Any]]]:
    """The four lists of a batch; one that is missing or null is empty."""
    body = call.body()
    lists = {name: body.get(name) or [] for name, _ in _BATCH}
    for items in lists.values():
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise bad(9207, "Request body is invalid.")
    return lists
