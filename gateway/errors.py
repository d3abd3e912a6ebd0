"""The three ways to say no that cross rooms; each edge owns the table that translates them."""

from gateway.records.intake.finding import Finding


class GatewayError(Exception):
    """Something a peer is told. The text says what to fix: no path, query, name or trait."""


class RefusedError(GatewayError):
    """The input is wrong and stays wrong: do not send it again as it is."""

    def __init__(self, message: str, *, finding: Finding | None = None) -> None:
        super().__init__(message)
        self.finding = finding


class DeferredError(GatewayError):
    """We cannot do it now: the same input may be sent again later, unchanged. `unheard` where it
    was handed over and no answer was heard: it may have arrived."""

    def __init__(
        self,
        message: str,
        *,
        disk_full: bool = False,
        unheard: bool = False,
        finding: Finding | None = None,
    ) -> None:
        super().__init__(message)
        self.disk_full = disk_full
        self.unheard = unheard
        self.finding = finding


class LostKeyError(DeferredError):
    """The key of one record is missing or damaged: nobody opens what stands under it, until the key
    comes back or the record is erased. `record` is what it is called inside."""

    def __init__(self, name: bytes) -> None:
        super().__init__("What is kept of this person cannot be opened now. Send it again later.")
        self.record = name


class DeniedError(GatewayError):
    """The rules refuse this reader or this sender. `rule` names the rule."""

    def __init__(self, message: str, *, rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule


def kind_of(error: GatewayError) -> type[GatewayError]:
    """Which of the three this one is: a room may raise a kind of its own, a table names three."""
    return next(
        kind
        for kind in type(error).__mro__
        if issubclass(kind, GatewayError) and GatewayError in kind.__bases__
    )


def place_of(error: BaseException) -> str:
    """Where it was raised, "gateway.flows.receive:42", innermost frame of ours: an error's own text
    may quote a message, and is not for the log."""
    place, trace = "", error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("gateway.") or not place:
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
