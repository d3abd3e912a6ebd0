"""« Flux », « Messages » and « Un message » (PAGES section 7): envelopes, never a content."""
