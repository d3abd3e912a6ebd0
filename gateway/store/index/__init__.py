"""The patient index: who is who, which names lead to whom, and every link that was made."""
