"""The first form: sessions and the answers given in them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "session",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "attempt",
        sa.Column("question", sa.String, primary_key=True),
        sa.Column("session", sa.String, sa.ForeignKey("session.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("database", sa.String, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("record", sa.String, nullable=False),
        sa.Column("leads", sa.JSON, nullable=False),
        sa.Column("start_s", sa.Float, nullable=False),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("patient", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("chosen", sa.String, nullable=False),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("response_s", sa.Float, nullable=False),
        sa.Column("answered_at", sa.DateTime, nullable=False),
    )
    op.create_index("attempt_by_session", "attempt", ["session", "position"])
    op.create_index("attempt_by_time", "attempt", ["answered_at"])
