"""Prevention as a page asks for it; each verb has a file of its own."""

from dataclasses import dataclass

from gateway.flows.prevention.listing import ListPrevention
from gateway.flows.prevention.saying import SayPrevention


@dataclass(frozen=True, slots=True, kw_only=True)
class Prevention:
    list: ListPrevention

    @property
    def say(self) -> SayPrevention:
        return SayPrevention(list=self.list)
