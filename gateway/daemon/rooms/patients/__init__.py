"""Rooms of patients: their way in, their mail, their own documents, copies and erasure."""
