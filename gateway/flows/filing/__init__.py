"""What becomes of an understood input: pure judgement over what the store knew."""

from gateway.flows.filing.judging.judge import FilingJudge, FilingPolicy

__all__ = ["FilingJudge", "FilingPolicy"]
