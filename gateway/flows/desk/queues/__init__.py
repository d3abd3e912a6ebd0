"""What waits at the desk: queues, dead letters, paused destinations."""
