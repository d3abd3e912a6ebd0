"""A second way to decide, written as a table: the first row whose every cell fits gives the rule.

A row names, for some dimensions of a question, the values it fits; a dimension it does not name
fits always. Nothing here calls the decision it is compared with.
"""

from collections.abc import Iterable, Mapping, Sequence

Row = tuple[str, Mapping[str, frozenset[str]]]


def row(rule: str, **fits: Iterable[str] | str) -> Row:
    """`row("F10", account={"closed"})`; one value may be given by itself."""
    sets = {
        name: frozenset((values,)) if isinstance(values, str) else frozenset(values)
        for name, values in fits.items()
    }
    return rule, sets


class Table:
    """`masks[dimension][value]` has bit n where row n fits; the lowest common bit is the answer."""

    def __init__(self, dimensions: Mapping[str, Sequence[str]], rows: Sequence[Row]) -> None:
        for _, fits in rows:
            for name, values in fits.items():
                assert values <= set(dimensions[name]), (name, values)
        self.rules = {1 << number: rule for number, (rule, _) in enumerate(rows)}
        self.masks = {
            name: {value: self._mask(rows, name, value) for value in values}
            for name, values in dimensions.items()
        }

    @staticmethod
    def _mask(rows: Sequence[Row], name: str, value: str) -> int:
        return sum(
            1 << number
            for number, (_, fits) in enumerate(rows)
            if name not in fits or value in fits[name]
        )

    def mask(self, **values: str) -> int:
        """The rows that fit these values of these dimensions."""
        common = -1
        for name, value in values.items():
            common &= self.masks[name][value]
        return common

    def rule(self, common: int) -> str:
        return self.rules[common & -common]
