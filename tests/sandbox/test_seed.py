"""The demo account: every state that people should see, and only names that belong to nobody."""

import ast
import re
from pathlib import Path

import mxm_sandbox
from mxm_sandbox import Sandbox, SandboxConfig
from mxm_sandbox.mxroute.state import MAX_SEND_LIMIT

RESERVED = re.compile(r"(?:[a-z0-9-]+\.)*(?:example\.(?:com|net|org)|[a-z0-9-]+\.(?:example|test))\Z")


def test_about_two_dozen_domains_in_many_states(world: Sandbox) -> None:
    domains = world.state["account"]["domains"]
    boxes = [box for domain in domains.values() for box in domain["mailboxes"].values()]
    assert 20 <= len(domains) <= 30
    assert any(domain["pointers"] for domain in domains.values())
    assert any(not domain["mail_hosting"] for domain in domains.values())
    assert any(not domain["has_dkim"] for domain in domains.values())
    assert any(name.startswith("xn--") for name in domains)
    assert any(box["suspended"] for box in boxes)
    assert any(box["quota_mb"] and box["usage_mb"] > 0.95 * box["quota_mb"] for box in boxes)
    assert any(box["sent"] > 0.9 * MAX_SEND_LIMIT for box in boxes)
    counts = {len(domain["mailboxes"]) for domain in domains.values()}
    assert {0, 40} <= counts
    assert len({domain["dns_scenario"] for domain in domains.values()}) > 10


def test_the_examples_of_the_documentation_find_room(world: Sandbox) -> None:
    account = world.state["account"]
    example = account["domains"]["example.com"]
    assert example["mailboxes"]
    assert not {"alex", "alice"} & {*example["mailboxes"], *example["forwarders"]}
    assert "karen@hr.example.com" not in account["spam_lists"]["blacklist"]


def test_all_names_are_reserved(world: Sandbox) -> None:
    state = world.state
    names = [*state["account"]["domains"], *(item["name"].split(".", 1)[1] for item in state["dns"])]
    for domain in state["account"]["domains"].values():
        names += domain["pointers"]
    assert [name for name in names if not RESERVED.match(name)] == []


def test_the_same_seed_gives_the_same_world() -> None:
    def of(seed: int) -> str:
        account = Sandbox(SandboxConfig(seed=seed), clock=lambda: 0.0).state
        return repr(account)

    assert of(1) == of(1)
    assert of(1) != of(2)


def test_an_empty_world_is_empty() -> None:
    state = Sandbox(SandboxConfig(world="empty")).state
    assert state["account"]["domains"] == {}
    assert state["dns"] == []


def test_every_setting_is_described() -> None:
    assert [name for name, field in SandboxConfig.model_fields.items() if not field.description] == []


def test_every_setting_is_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text("utf-8")
    assert [name for name in SandboxConfig.model_fields if f"`{name}`" not in page] == []


def test_the_sandbox_knows_nothing_of_the_product() -> None:
    for path in Path(mxm_sandbox.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(module.split(".")[0] != "mxm" for module in modules), path
