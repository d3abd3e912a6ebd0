"""One message at the desk: its envelope, its segments, its bytes, its replay, its last answer."""
