"""What comes in over HTTP: `POST /documents`, `POST /fhir`, receipts, and their description."""
