"""Where everything durable stands: one text for SQLite and PostgreSQL, a repository a noun.

Nothing is decided here, and nothing is readable in a copied file: see schema and sealing.
"""

from gateway.store.backups.backup import backup, restore
from gateway.store.backups.files import BackupError
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.key_files import KeyFileError
from gateway.store.migrating import migrate, schema_is_current
from gateway.store.opening import Store, open_store

__all__ = [
    "BackupError",
    "KeyFileError",
    "Keys",
    "Store",
    "backup",
    "migrate",
    "open_store",
    "restore",
    "schema_is_current",
]
