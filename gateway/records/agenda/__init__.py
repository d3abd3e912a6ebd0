"""The nouns of the agenda: appointments and own reminders (VAULT section 12)."""
