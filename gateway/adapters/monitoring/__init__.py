"""What watches the house asks here: health and figures."""
