"""The folder in which an operator lays reference curves (`growth.reference_dir`)."""

from pathlib import Path

from gateway.errors import RefusedError
from gateway.mapping.growth.reference import Reference, references_in


def references_of(folder: Path | None) -> tuple[Reference, ...]:
    """Of every `.csv` of it, in the order of their names; nothing without a folder. Raises
    RefusedError, which names the file and what to mend, and OSError."""
    found: list[Reference] = []
    for file in sorted(folder.glob("*.csv")) if folder else ():
        try:
            found += references_in(file.read_text(encoding="utf-8"))
        except (RefusedError, UnicodeDecodeError) as error:
            raise RefusedError(f"{file.name}: {error}") from error
    return tuple(found)
