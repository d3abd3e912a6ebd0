"""A list of requirements that a target is known not to meet, each with its reason.

The file is TOML: one table `[known]` of `id = "reason"`. A list that says more than is true is as
wrong as one that says less: both end the run with status 1.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance.requirement import Outcome, Status


class BadListError(Exception):
    """The file is not such a list; the text says what to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`fresh`: not met and not in the list. `met`: in the list, and met now."""

    fresh: tuple[str, ...]
    met: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.fresh and not self.met


def read_known(path: Path) -> dict[str, str]:
    """Reasons by requirement. Raises BadListError."""
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("known", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadListError(f"{path.name}: {error}") from error
    if not isinstance(table, dict) or not all(isinstance(one, str) for one in table.values()):
        raise BadListError(f'{path.name}: [known] holds lines of the shape id = "reason"')
    return dict(table)


def compare(outcomes: Iterable[Outcome], known: Mapping[str, str]) -> Comparison:
    """Remarks count as well: what is tolerated is still to be said."""
    status = {one.requirement.id: one.status for one in outcomes}
    wrong = {name for name, one in status.items() if one in (Status.NOT_MET, Status.REMARK)}
    met = {name for name in known if status.get(name) is Status.MET}
    return Comparison(fresh=tuple(sorted(wrong - known.keys())), met=tuple(sorted(met)))
