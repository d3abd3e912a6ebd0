"""The switches of a scenario or of `[policy]`: a value, or a dated list (ACCESS section 6)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from gateway.access.lines.fields import (
    Field,
    NotAScenarioError,
    boolean,
    instant,
    items,
    one_of,
    required,
    table,
)
from gateway.records.readers.switches import Switch, Switches


def _years_or_null(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotAScenarioError("minor_account_age is a whole number of years or null")
    return value


def _switch(read: Field, before: object) -> Callable[[object], Switch[object]]:
    def dated(value: object) -> tuple[datetime, object]:
        fields = table(value, {"from": instant, "value": read})
        required(fields, "from", "value")
        return fields["from"], fields["value"]

    def switch(value: object) -> Switch[object]:
        if not isinstance(value, list):
            return Switch(read(value))
        return Switch(before, tuple(dated(item) for item in items(value)))

    return switch


SWITCHES: Mapping[str, Field] = {
    "treating_sees_masked": _switch(boolean, before=False),
    "administrators": _switch(boolean, before=False),
    "team_consent": _switch(one_of(("initial", "arr")), before="initial"),
    "block_and_emergency": _switch(
        one_of(("block_wins", "except_samu", "emergency_wins")), before="block_wins"
    ),
    "access_notice": _switch(one_of(("first", "each")), before="each"),
    "occupational": _switch(one_of(("closed", "with_consent")), before="closed"),
    "social_columns": _switch(one_of(("suspended", "in_force")), before="suspended"),
    "application_reading": _switch(boolean, before=False),
    "restricted_as_masked": _switch(boolean, before=True),
    "minor_account_age": _switch(_years_or_null, before=None),
    "strict_mail_matrix": _switch(boolean, before=True),
    "mail_through_grid": _switch(boolean, before=True),
    "mail_unqualified": _switch(boolean, before=False),
}


def switches_of(value: object) -> Switches:
    """Raises NotAScenarioError on an unknown switch, value or date."""
    return Switches(**table(value, SWITCHES))
