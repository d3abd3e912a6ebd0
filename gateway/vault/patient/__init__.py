"""The pages of the patient, and of who acts for the patient."""
