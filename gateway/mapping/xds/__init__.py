"""XDS.b transactions (ITI-18, 41, 43, 57): their messages read and written, nothing decided."""
