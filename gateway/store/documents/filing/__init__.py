"""A group of intakes, judged and committed together: what was known, and the rows that become."""
