"""Biology results over time: which make one curve, and what can be drawn (VAULT section 10)."""
