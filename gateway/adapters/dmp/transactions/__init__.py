"""What stands behind the DMP door: each reads its request, asks one flow, writes the answer."""
