"""Which version of the master key wraps new data keys: the first one, until it is rotated.

Yesterday's code never looks at it, and wraps under the first: no node may run it any more when a
rotation begins.
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("INSERT INTO counter (name, next) VALUES ('master', 1) ON CONFLICT DO NOTHING")
