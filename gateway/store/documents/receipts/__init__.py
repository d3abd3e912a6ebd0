"""Everything received, as it is read back: receipts, messages, counts of senders."""
