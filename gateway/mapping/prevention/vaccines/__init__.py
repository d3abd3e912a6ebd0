"""Vaccinations judged: what one protects against, what the calendar asks, what a school is told.

The tables are `vaccines_*.csv` beside this room (VAULT VAC-04 and VAC-06); nothing here says that
somebody is, or is not, protected.
"""

from gateway.mapping.prevention.vaccines.lines import Line, State, lines_of
from gateway.mapping.prevention.vaccines.valences import Given

__all__ = ["Given", "Line", "State", "lines_of"]
