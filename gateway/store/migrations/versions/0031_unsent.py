"""How many tries of a task surely brought nothing to its receiver: a mail that comes back is of
another one.

Yesterday's code counts none: where no envelope id tells the try either, its tries are all in doubt.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("unsent", sa.Integer()))
