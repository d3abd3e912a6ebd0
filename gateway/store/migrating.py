"""Schema up, from any earlier version; asked by name, never done behind an operator's back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from gateway.store.engines import writing_engine

FOLDER = Path(__file__).parent / "migrations"
HEAD = "head"


def migrate(url: str, *, to: str = HEAD) -> None:
    """Brings the schema up to `to`; does nothing when it is there already."""
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    finally:
        engine.dispose()


def schema_version(url: str) -> str | None:
    """The version in force; None for a database without our schema."""
    engine = writing_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def schema_is_current(url: str) -> bool:
    return schema_version(url) == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config
