"""Commands that say who is known here: senders, professionals and operators."""
