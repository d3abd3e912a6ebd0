"""What DMP-compatible software asks of a record beside its documents (XDS.md section 10)."""
