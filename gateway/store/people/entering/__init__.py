"""Who comes to an own space: invitations, provisional codes, children who come of age."""
