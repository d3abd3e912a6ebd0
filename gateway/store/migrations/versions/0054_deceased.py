"""Whether the caisse said that a person is dead; what it said stands among the choices.

Yesterday's code lets such a person in, and tells of what happens in the space.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patient", sa.Column("deceased", sa.Boolean()))
