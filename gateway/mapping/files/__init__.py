"""Kinds of files that are no standard of health: zip, PDF, pictures, RTF, plain bytes."""
