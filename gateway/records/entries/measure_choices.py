"""How a person wants to see measures: a single entry of the record (VAULT MEA-05, MEA-06)."""

from gateway.records.entries.content import EntryContent


class MeasureChoices(EntryContent, frozen=True, kw_only=True):
    """`order` are codes of measures, first those to be shown first; `hidden` those without a tile.
    `hba1c_target` is a percentage as text, "" for none. `weeks` of pregnancy are those completed at
    birth of a child born before 37, None else."""

    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    hba1c_target: str = ""
    weeks: int | None = None
