"""Who stands beside the patient: representatives, caregivers, applications."""
