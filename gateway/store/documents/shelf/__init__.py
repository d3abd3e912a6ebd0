"""Filed documents: where they stand, their versions, what is done to them and hidden of them."""
