"""The agenda in the words of other programs: iCalendar (RFC 5545)."""
