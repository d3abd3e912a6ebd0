"""What those of the desk do: look at what is held, read the log, explain the rules."""
