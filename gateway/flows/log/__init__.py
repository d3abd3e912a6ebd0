"""The signed log: sealed, proved, verified, resumed."""
