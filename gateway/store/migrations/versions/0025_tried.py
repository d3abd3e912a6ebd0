"""What is under way in a lane is found without its backlog; yesterday's code never looks for it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TRIED = sa.text("settled_at IS NULL AND lane IS NOT NULL AND attempts > 0 AND reason IS NULL")


def upgrade() -> None:
    op.create_index("task_tried", "task", ["lane"], sqlite_where=TRIED, postgresql_where=TRIED)
