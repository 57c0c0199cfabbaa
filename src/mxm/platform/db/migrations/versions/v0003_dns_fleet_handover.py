"""DNS changes and policies, fleet snapshots, secrets that jobs hand over once, and who leads the replicas."""

import sqlalchemy as sa
from alembic import op

from mxm.platform.db.base import JsonObject, UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.add_column("job_item", sa.Column("handover", sa.LargeBinary(), nullable=True))
    op.add_column("job", sa.Column("handover_until", UtcDateTime(), nullable=True))
    op.create_index("ix_job_kind", "job", ["kind", "created_at"])
    op.create_table(
        "leader",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leader")),
    )
    op.create_table(
        "dns_hold",
        sa.Column("zone_id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("zone_id", name=op.f("pk_dns_hold")),
    )
    op.create_table(
        "dns_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("fix_id", sa.String(length=32), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("zone_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=253), nullable=False),
        sa.Column("before", JsonObject, nullable=False),
        sa.Column("after", JsonObject, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=320), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("reverts", sa.BigInteger(), nullable=True),
        sa.Column("reverted_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dns_change")),
    )
    op.create_index("ix_dns_change_domain", "dns_change", ["domain", "id"])
    op.create_index("ix_dns_change_place", "dns_change", ["zone_id", "name", "type", "id"])
    op.create_index("ix_dns_change_fix_id", "dns_change", ["fix_id"])
    op.create_table(
        "dmarc_policy",
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_dmarc_policy")),
    )
    op.create_table(
        "fleet_snapshot",
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("mail_hosting", sa.Boolean(), nullable=True),
        sa.Column("dns", JsonObject, nullable=True),
        sa.Column("mailbox_count", sa.Integer(), nullable=True),
        sa.Column("counted_at", UtcDateTime(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("tried_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_fleet_snapshot")),
    )
    op.create_table(
        "fleet_run",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fleet_run")),
    )
