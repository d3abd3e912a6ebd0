"""FHIR of our own: what readers are shown (ITI-67, ITI-68), answers, and deposits of a page."""
