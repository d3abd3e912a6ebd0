"""Growth of a child: exact ages, and lines of a reference that an operator installs (MEA-06)."""
