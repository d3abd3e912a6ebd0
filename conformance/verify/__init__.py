"""Checks the proof file of an access log without any gateway: standard library and Ed25519.

Written from RFC 6962, RFC 9162 and the C2SP pages on signed notes and checkpoints; it shares no
line with what makes the file.
"""
