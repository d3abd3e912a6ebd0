"""A DMP is fed with the documents that ask for it (XDS.md section 11)."""
