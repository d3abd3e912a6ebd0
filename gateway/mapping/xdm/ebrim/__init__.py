"""METADATA.XML: ebRIM objects of XDS, read and written, with the values inside their slots."""
