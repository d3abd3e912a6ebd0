"""Pictures that a patient brings: what they are, what is taken out of them, how they are shown.

JPEG and PNG are taken apart into segments and chunks, TIFF into its directories; nothing is decoded
to take the position out. What decodes them (`frames`) is asked in a process of its own only.
"""

JPEG, PNG, TIFF = "image/jpeg", "image/png", "image/tiff"
KINDS = frozenset({JPEG, PNG, TIFF})
