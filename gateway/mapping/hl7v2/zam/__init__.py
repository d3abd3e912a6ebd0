"""Business acknowledgements ZAM^Z01, Z02 and Z03, written and read (XDM_HL7V2 A6)."""

from gateway.mapping.hl7v2.zam.codes import error_of
from gateway.mapping.hl7v2.zam.read import read_zam
from gateway.mapping.hl7v2.zam.write import write_zam

__all__ = ["error_of", "read_zam", "write_zam"]
