"""A FHIR search: its parameters as values, and its answer in pages (FHIR.md section 4)."""
