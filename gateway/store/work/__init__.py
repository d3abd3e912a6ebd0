"""What is still to be done, and the answers that came back for it."""
