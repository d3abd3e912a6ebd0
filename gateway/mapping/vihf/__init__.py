"""VIHF: the assertion of a request at the DMP door, found, verified and read (XDS.md section 8).

What is read is the octets that were hashed, parsed again: nothing beside them is ever looked at.
"""
