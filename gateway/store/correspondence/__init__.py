"""The mails of conversations, sealed under the key of whose record they are."""
