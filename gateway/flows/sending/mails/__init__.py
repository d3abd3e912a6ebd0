"""Mails that leave by MSSanté, and what comes back of them: receipts, and mails undelivered."""
