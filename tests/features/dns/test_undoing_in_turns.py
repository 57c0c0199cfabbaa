"""An undoing can be undone, and that again: what holds in the zone is what the history says."""

from itertools import pairwise

from support.api import data_of
from support.dns import fix, zone
from support.manager import Manager

D = "missing-spf.example"
BASE = f"/api/domains/{D}/dns/changes"


async def test_each_undoing_turns_all_before_it(dns_world: Manager) -> None:
    admin = await dns_world.bearer()
    empty = zone(dns_world, D)
    made = [(await fix(dns_world, D))["fix_id"]]
    for _ in range(3):
        made.append(data_of(await admin.post(f"{BASE}/{made[-1]}/revert"))["fix_id"])
        told = {each["fix_id"]: each["reverted_by"] for each in data_of(await admin.get(BASE))}
        holds = [told[each] is None for each in made]
        assert holds[-1]
        assert all(one != other for one, other in pairwise(holds))
        assert (zone(dns_world, D) == empty) is not holds[0]
    assert [told[each] for each in made] == [made[3], None, made[3], None]
