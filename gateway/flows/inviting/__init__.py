"""How spaces begin: people are invited, and a window ends (VAULT ACC-01 to ACC-03, ACC-13)."""
