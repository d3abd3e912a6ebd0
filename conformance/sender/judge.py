"""A judge: one requirement, and what it finds wrong in one thing that came."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from conformance.requirement import Level, Requirement, Volet

S = TypeVar("S")
Look = Callable[[S], Iterable["Fault"]]


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` in the standard's own words (`PID-3`); `saw` holds no trait of a person.

    `condition` is the code of HL70357 for an acknowledgement, `application` that of ERR-5.
    """

    place: str
    saw: str
    condition: int = 102
    application: int | None = None


@dataclass(frozen=True)
class Judge(Generic[S]):
    """`applies`: whether the requirement says anything of this one."""

    requirement: Requirement
    look: Look[S]
    applies: Callable[[S], bool]


def always(_subject: object) -> bool:
    return True


@dataclass(frozen=True)
class Rules(Generic[S]):
    """Makes the judges of one volet and one source, as a decorator for the function that looks."""

    volet: Volet
    source: str
    applies: Callable[[S], bool] = always

    def asks(
        self,
        name: str,
        title: str,
        *,
        fix: str,
        level: Level = Level.SHALL,
        source: str = "",
        applies: Callable[[S], bool] | None = None,
    ) -> Callable[[Look[S]], Judge[S]]:
        requirement = Requirement(
            id=name,
            volet=self.volet,
            title=title,
            source=source or self.source,
            fix=fix,
            level=level,
        )
        return lambda look: Judge(requirement, look, applies or self.applies)


def judges_of(*modules: object) -> list[Judge[S]]:
    """In the order in which each module writes them, alone or in a tuple."""
    found: list[Judge[S]] = []
    for one in (value for module in modules for value in vars(module).values()):
        rows = one if isinstance(one, tuple) else (one,)
        found += [row for row in rows if isinstance(row, Judge)]
    return found


def wrong(place: str, value: str, wanted: str, condition: int = 102) -> Fault:
    """A value that is not what is wanted; a long one is cut."""
    shown = value if len(value) <= 40 else f"{value[:40]}…"
    return Fault(place, f"{shown!r}, wanted {wanted}" if value else f"empty, wanted {wanted}",
                 condition if value else 101)  # fmt: skip
