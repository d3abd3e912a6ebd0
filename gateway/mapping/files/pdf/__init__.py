"""PDF: what one holds, its pages as pictures, and a card of our own."""
