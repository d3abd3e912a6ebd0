"""Who is asking, and the faces of the same flows: pages, `/pro`, `/desk`, `/fhir`."""
