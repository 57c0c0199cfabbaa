"""Several replicas on one PostgreSQL."""

import asyncio
from pathlib import Path

from support.databases import new_postgresql_database
from support.manager import running_manager


async def test_replicas_may_start_at_the_same_moment_on_an_empty_database(tmp_path: Path, postgresql: str) -> None:
    url = new_postgresql_database(postgresql)
    ready = asyncio.Barrier(3)

    async def replica(number: int) -> int:
        async with running_manager(tmp_path / str(number), database_url=url) as manager:
            await ready.wait()
            answer = await manager.client.get("/health/ready")
            return answer.status_code

    assert await asyncio.gather(*map(replica, range(3))) == [200, 200, 200]
