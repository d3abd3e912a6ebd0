"""The patient's secure mail: the mails of a conversation, and what the patient keeps beside them.

Yesterday's code holds a mail without a document for a person to read, as before, and enters none
into a conversation.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("message_name", sa.LargeBinary(), nullable=True),
        sa.Column("other_name", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("fate", sa.LargeBinary(), nullable=True),
    )
    op.create_index("mail_id", "mail", ["id"], unique=True)
    op.create_index("mail_patient", "mail", ["patient", "number"])
    for name in ("message_name", "other_name"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"mail_{name}", "mail", [name], sqlite_where=there, postgresql_where=there)
    op.create_table(
        "conversation_note",
        sa.Column("conversation", sa.Text(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_conversation_note_patient", "conversation_note", ["patient"])
