"""« Déposer un document » at `/pro`: the form, its answer, own receipts (PAGES section 6)."""
