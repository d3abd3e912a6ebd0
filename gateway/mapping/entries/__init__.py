"""Judgement on what is written into a medical profile, and what documents propose for it."""
