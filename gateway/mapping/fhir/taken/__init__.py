"""FHIR that senders provide (ITI-65, document Bundles): to documents, results and findings."""
