"""ITI-18, Registry Stored Query: what is asked, which objects answer it, and the answer written."""
