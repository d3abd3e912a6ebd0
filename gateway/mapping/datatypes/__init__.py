"""Data types that several standards share: time stamps, identifiers, units, confidentiality."""
