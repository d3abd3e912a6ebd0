"""HL7v2 messages to records, and acknowledgements back (HL7V2 sections 3 to 8)."""

from gateway.mapping.hl7v2.er7.batch import split_batch
from gateway.mapping.hl7v2.results.in_body import results_in, words_in
from gateway.mapping.hl7v2.understand import understand

__all__ = ["results_in", "split_batch", "understand", "words_in"]
