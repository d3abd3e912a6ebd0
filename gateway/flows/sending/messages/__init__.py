"""Messages that leave over MLLP: forwards, and business answers."""
