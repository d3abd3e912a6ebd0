"""The agenda: appointments, own reminders, and the addresses that programs read it at.

Yesterday's code knows nothing of them: it tells of no appointment, and erases none with a person.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("appointment_patient", "appointment", ["patient", "starts_at"])
    op.create_table(
        "reminder",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_reminder_patient", "reminder", ["patient"])
    op.create_table(
        "agenda_feed",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("agenda_feed_name", "agenda_feed", ["name"], unique=True)
    op.create_index("ix_agenda_feed_patient", "agenda_feed", ["patient"])
