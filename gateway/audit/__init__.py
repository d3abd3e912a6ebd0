"""The transparency log: its entries, its Merkle tree, its proofs (RFC 6962)."""
