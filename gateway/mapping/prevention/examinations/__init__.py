"""Examinations and screenings judged: which are asked of whom and when, and what is told of it.

The tables are `examinations_*.csv` beside this room (VAULT AGE-05 to AGE-08). A line of the
calendar of vaccinations is one of the same list.
"""

from gateway.mapping.prevention.examinations.lines import Line, State, lines_of

__all__ = ["Line", "State", "lines_of"]
