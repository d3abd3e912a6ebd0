"""The nouns of the house: frozen records that know of nothing that happens."""
