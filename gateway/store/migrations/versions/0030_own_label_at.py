"""When a patient put a document under a label of his own: `_lastUpdated` moves for him alone.

Yesterday's code writes no time there; its labels are told as of the time before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("own_label_at", sa.BigInteger()))
