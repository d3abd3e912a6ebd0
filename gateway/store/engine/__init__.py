"""The database itself: engines, the writer's thread, the room before it."""
