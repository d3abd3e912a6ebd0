"""What flows ask of the edges, as Protocols: no SQL, no SMTP, no HTTP is known here."""
