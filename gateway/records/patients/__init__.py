"""Who a document is about: traits, names of a record, what an ADT says, the space of a patient."""
