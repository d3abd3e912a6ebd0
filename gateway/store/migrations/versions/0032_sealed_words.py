"""How far rows were looked through for words that no column may bear in clear: from the first on.

The words themselves are sealed or renamed by `store.sealed_since`, which has the keys. Yesterday's
code never looks at the mark; what it writes meanwhile is sealed by the next start of today's.
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("INSERT INTO counter (name, next) VALUES ('sealed', 0) ON CONFLICT DO NOTHING")
