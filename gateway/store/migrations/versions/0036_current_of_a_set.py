"""Of a set (an order, a series of versions) a filing asks for the current document only: the index
holds no other, or an order of a thousand versions is read whole by each of its messages."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

CURRENT = sa.text("set_name IS NOT NULL AND status = 'current'")


def upgrade() -> None:
    op.drop_index("document_set_name", "document", if_exists=True)
    op.create_index(
        "document_current_of_set",
        "document",
        ["set_name"],
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
        if_not_exists=True,
    )
