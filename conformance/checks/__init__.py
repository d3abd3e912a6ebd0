"""The checks, one folder a volet. Each reads like its clause and asks the bench for the rest."""
