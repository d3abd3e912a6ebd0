"""Agendas, sealed under the key of whose record they are."""
