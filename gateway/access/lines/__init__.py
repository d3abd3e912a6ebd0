"""Questions as lines of JSON, strictly (ACCESS section 2): what `gateway grid decide` reads."""
