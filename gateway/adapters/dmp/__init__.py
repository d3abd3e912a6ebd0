"""The door for DMP-compatible software: XDS.b over SOAP with a VIHF (CONTRACT section 2)."""
