"""What flows ask of whoever keeps the patients, and those who act for or before them."""
