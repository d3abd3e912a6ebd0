"""What the XDS and MHD faces of a record read: registry, repository, submission sets."""
