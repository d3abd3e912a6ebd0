"""Verbs: each takes its ports, judges nothing itself twice, and never knows which edge called."""
