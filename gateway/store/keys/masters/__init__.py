"""The master key: its versions, which is in force, and the change to a new one."""
