"""The rules of access at the desk: the grid in force, and the simulator."""
