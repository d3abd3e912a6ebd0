"""A database as it was before later tables came: what they are is taken away again."""

from sqlalchemy import Connection

SINCE_0040 = (
    *("update_lot", "mail", "conversation_note", "export", "export_piece", "invitation"),
    *("entry_state", "entry", "attestation", "appointment", "reminder", "agenda_feed"),
    *("catalogue_service", "catalogue_proposal", "launch_token", "service_use", "notice_mark"),
    *("prevention_said", "prevention_look"),
    "service_report",
    *("share_reading", "share_link"),
)


def back_to_0039(connection: Connection) -> None:
    """All but the number of the schema, which the caller writes."""
    for table in SINCE_0040:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    for index in ("document_in_bin", "professional_mail"):
        connection.exec_driver_sql(f"DROP INDEX {index}")
    for table, column in (
        ("document", "archived_at"),
        ("document", "metadata_version"),
        ("professional", "mail_name"),
    ):
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
