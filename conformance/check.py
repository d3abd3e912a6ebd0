"""A check: one requirement and the function that tries it on a target."""

from collections.abc import Callable
from dataclasses import dataclass

from conformance.bench import Bench
from conformance.clock import seconds
from conformance.reading.hl7 import UnreadableError
from conformance.requirement import Level, Outcome, Requirement, Status, Volet, not_met
from conformance.verdict import NotMetError, SkippedError
from conformance.wire.mllp import NoAnswerError

Try = Callable[[Bench], None]


@dataclass(frozen=True, slots=True)
class Check:
    """`attempt` returns when the requirement is met, else raises NotMetError or SkippedError."""

    requirement: Requirement
    attempt: Try


@dataclass(frozen=True, slots=True)
class Chapter:
    """Makes the checks of one volet and one source, as a decorator for the function that tries."""

    volet: Volet
    source: str

    def asks(
        self, name: str, title: str, *, fix: str, level: Level = Level.SHALL, source: str = ""
    ) -> Callable[[Try], Check]:
        requirement = Requirement(
            id=name,
            volet=self.volet,
            title=title,
            source=source or self.source,
            fix=fix,
            level=level,
        )
        return lambda attempt: Check(requirement, attempt)


def run(check: Check, bench: Bench) -> Outcome:
    """One outcome, whatever the target does: a peer that breaks off has not met it."""
    start = seconds()
    status, saw = Status.MET, ""
    try:
        check.attempt(bench)
    except SkippedError as reason:
        status, saw = Status.SKIPPED, str(reason)
    except (NotMetError, NoAnswerError, UnreadableError) as fault:
        status, saw = not_met(check.requirement), str(fault)
    except OSError as error:  # first: a certificate that is not trusted is a ValueError as well
        status, saw = not_met(check.requirement), f"cannot connect: {error}"
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        status, saw = not_met(check.requirement), f"the answer has another shape: {error!r}"
    return Outcome(requirement=check.requirement, status=status, saw=saw, seconds=seconds() - start)


def checks_of(*modules: object) -> list[Check]:
    """In the order in which each module writes them, alone or in a tuple."""
    found: list[Check] = []
    for one in (value for module in modules for value in vars(module).values()):
        rows = one if isinstance(one, tuple) else (one,)
        found += [row for row in rows if isinstance(row, Check)]
    return found
