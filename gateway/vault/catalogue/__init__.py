"""`/catalogue` and the launch of a service: pages, and what its software asks (VAULT 13)."""
