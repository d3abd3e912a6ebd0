"""Timers of the house: chores that ring at intervals (ARCHITECTURE "Life cycle")."""

from gateway.schedule.bells import Bells, Chore

__all__ = ["Bells", "Chore"]
