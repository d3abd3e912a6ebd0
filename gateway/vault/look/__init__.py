"""How a page is shown to this browser: standard or simple text, light or dark."""
