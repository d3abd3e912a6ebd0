"""Notices to patients: whom, when and in which words."""
