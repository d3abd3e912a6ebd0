"""SOAP 1.2 (and 1.1) with MTOM: envelopes and their parts, read and written; no transaction."""
