"""Who was erased since a backup was made, as `gateway restore` keeps them from coming back."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.records.patients.erasure import Tombstone
    from gateway.settings import Settings

LATER = "{} erasures since are applied when the gateway opens it: its keys are not here yet"
AGAIN = "{} erased since the backup: erased again"


def stones_for(settings: "Settings", files: Iterable[Path]) -> Sequence["Tombstone"]:
    """Those of our own file and of `files`, of which all that is new stands in ours from now on.
    Raises KeyFileError for a damaged one, OSError where ours cannot be written."""
    from gateway.store.burying.stones import FILE, keep_stones, read_stones

    folder = settings.store.keys
    given = [stone for file in files for stone in read_stones(file)]
    if given:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_stones(folder, given)
    return read_stones(folder / FILE)


def bury_again_at(settings: "Settings", stones: Sequence["Tombstone"]) -> str | None:
    """What came of it, in words; None where nobody was erased since. Raises KeyFileError for keys
    of another gateway."""
    from gateway.store.burying.again import bury_again, known_stones, missing_of
    from gateway.store.keys.gateway_keys import INDEX, Keys
    from gateway.store.keys.key_check import check_keys

    url, folder = settings.store.url, settings.store.keys
    missing = missing_of(stones, known_stones(url))
    if not missing:
        return None
    if not (folder / INDEX).exists():
        return LATER.format(len(missing))
    keys = Keys.load(folder)
    check_keys(url, keys)
    return AGAIN.format(bury_again(url, keys, missing))
