"""What operators decide: whose a held receipt is, what the index takes, which merge is undone."""
