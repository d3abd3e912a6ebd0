"""The first schema: receipts, documents, people, tasks and the access log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _attempt()
    _choice()
    _code()
    _content()
    _counter()
    _data_key()
    _document()
    _local_name()
    _login()
    _patient()
    _professional()
    _raw()
    _receipt()
    _sender()
    _session()
    _task()
    _trace()
    _trait_name()
    _waiting()


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("attempt_name", "attempt", ["name", "at"])


def _choice() -> None:
    op.create_table(
        "choice",
        sa.Column("number", NUMBER, primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_name", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_choice_patient", "choice", ["patient"])


def _code() -> None:
    op.create_table(
        "code",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )


def _content() -> None:
    op.create_table(
        "content",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("results", sa.LargeBinary()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("next", sa.BigInteger(), nullable=False),
    )


def _data_key() -> None:
    op.create_table(
        "data_key",
        sa.Column("patient", sa.LargeBinary(), primary_key=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("type_code", sa.Text()),
        sa.Column("class_code", sa.Text()),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text()),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("unique_name", sa.LargeBinary()),
        sa.Column("set_name", sa.LargeBinary()),
        sa.Column("deposited_at", sa.BigInteger(), nullable=False),
        sa.Column("hidden_from", sa.BigInteger()),
        sa.Column("announced_at", sa.BigInteger()),
        sa.Column("read_at", sa.BigInteger()),
        sa.Column("masked_at", sa.BigInteger()),
        sa.Column("changed_at", sa.BigInteger()),
        sa.Column("by_patient", sa.Boolean(), nullable=False),
        sa.Column("superseded_by", sa.Text()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("document_id", "document", ["id"], unique=True)
    op.create_index("document_patient", "document", ["patient", "number"])
    op.create_index(
        "document_set_name",
        "document",
        ["set_name"],
        sqlite_where=sa.text("set_name IS NOT NULL"),
        postgresql_where=sa.text("set_name IS NOT NULL"),
    )
    op.create_index(
        "document_unique_name",
        "document",
        ["unique_name"],
        sqlite_where=sa.text("unique_name IS NOT NULL"),
        postgresql_where=sa.text("unique_name IS NOT NULL"),
    )


def _local_name() -> None:
    op.create_table(
        "local_name",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_local_name_patient", "local_name", ["patient"])


def _login() -> None:
    op.create_table(
        "login",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_login_patient", "login", ["patient"])


def _patient() -> None:
    op.create_table(
        "patient",
        sa.Column("patient", sa.LargeBinary(), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("qualified", sa.Boolean(), nullable=False),
        sa.Column("feeding_opposed", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def _professional() -> None:
    op.create_table(
        "professional",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_professional_token_hash", "professional", ["token_hash"])


def _raw() -> None:
    op.create_table(
        "raw",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("patient", sa.LargeBinary()),
        sa.Column("keep_until", sa.BigInteger()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index(
        "raw_keep_until",
        "raw",
        ["keep_until"],
        sqlite_where=sa.text("keep_until IS NOT NULL"),
        postgresql_where=sa.text("keep_until IS NOT NULL"),
    )


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient", sa.LargeBinary()),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("key_name", sa.LargeBinary()),
        sa.Column("digest_name", sa.LargeBinary()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("receipt_digest_name", "receipt", ["digest_name"])
    op.create_index(
        "receipt_held",
        "receipt",
        ["number"],
        sqlite_where=sa.text("verdict = 'hold'"),
        postgresql_where=sa.text("verdict = 'hold'"),
    )
    op.create_index("receipt_id", "receipt", ["id"], unique=True)
    op.create_index("receipt_key_name", "receipt", ["key_name"])


def _sender() -> None:
    op.create_table(
        "sender",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary()),
        sa.Column("certificate", sa.Text()),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_sender_certificate", "sender", ["certificate"])
    op.create_index("ix_sender_token_hash", "sender", ["token_hash"])


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("id_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("patient", sa.LargeBinary()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("outcome", sa.Text()),
    )
    op.create_index(
        "task_due",
        "task",
        ["due_at"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )


def _trace() -> None:
    op.create_table(
        "trace",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.Text()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("trace_patient", "trace", ["patient", "number"])


def _trait_name() -> None:
    op.create_table(
        "trait_name",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("patient", sa.LargeBinary(), primary_key=True),
    )
    op.create_index("ix_trait_name_patient", "trait_name", ["patient"])


def _waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("name", sa.LargeBinary(), primary_key=True),
        sa.Column("receipt", sa.Text(), primary_key=True),
    )
    op.create_index("ix_waiting_receipt", "waiting", ["receipt"])
