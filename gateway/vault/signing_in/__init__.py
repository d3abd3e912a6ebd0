"""How a person signs in: the pages, and the password behind them."""
