"""Verbs: each takes its ports and never knows which edge called."""
