"""When mail hosting was switched, so that a slower look does not undo it in the overview."""

import sqlalchemy as sa
from alembic import op

from mxm.platform.db.base import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    op.add_column("fleet_snapshot", sa.Column("hosting_at", UtcDateTime, nullable=True))
