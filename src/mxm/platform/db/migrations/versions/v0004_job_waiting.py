"""What a running job waits for."""

import sqlalchemy as sa
from alembic import op

from mxm.platform.db.base import JsonObject

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.add_column("job", sa.Column("waiting", JsonObject, nullable=True))
