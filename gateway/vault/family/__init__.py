"""The pages of who stands beside a patient: profiles, sharing, caregivers, applications."""
