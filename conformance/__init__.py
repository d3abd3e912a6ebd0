"""The kit that will speak to any gateway by wire; its first checks come with the wire formats."""
