"""HL7v2 messages to records, and acknowledgements back (HL7V2 sections 3 to 8)."""

from gateway.mapping.hl7v2.batch import split_batch
from gateway.mapping.hl7v2.understand import results_in, understand, words_in

__all__ = ["results_in", "split_batch", "understand", "words_in"]
