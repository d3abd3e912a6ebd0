"""Messages and mails: envelopes, addresses, what is sent on and what comes back."""
