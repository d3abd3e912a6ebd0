"""ITI-57 (XDS.md section 7): requests read, and what they state held against what is stored."""
