"""What a professional tried at /pro, for his own page: recent patients and own refused tries."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "own_try",
        sa.Column("number", number, primary_key=True),
        sa.Column("professional_name", sa.LargeBinary(), nullable=False),
        sa.Column("patient", sa.LargeBinary()),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("permitted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("own_try_professional", "own_try", ["professional_name", "at"])
