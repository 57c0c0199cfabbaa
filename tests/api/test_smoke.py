from support.manager import Manager


async def test_a_mailbox_is_made_and_listed(either_manager: Manager) -> None:
    client = await either_manager.bearer({"example.com": ["emails"]})
    made = await client.post("/api/domains/example.com/email-accounts", json={"username": "Alex", "password": "Abcd123!"})
    assert made.status_code == 201, made.text
    listed = (await client.get("/api/domains/example.com/email-accounts")).json()
    assert "alex" in [mailbox["username"] for mailbox in listed["data"]]


async def test_an_admin_signs_in(either_manager: Manager) -> None:
    browser = await either_manager.session()
    made = await browser.post("/api/admin/api-tokens", json={"label": "ci", "is_admin": True})
    assert made.status_code == 201, made.text
