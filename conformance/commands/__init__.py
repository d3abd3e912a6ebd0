"""The words after `conformance`, one module each."""
