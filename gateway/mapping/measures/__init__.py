"""Measures a person takes, or an apparatus for the person: what may be one, and in which unit.

VAULT section 8. Pure: nothing here knows a form, a FHIR resource or a store. No value is judged.
"""
