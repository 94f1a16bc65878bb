"""Measurements: ratios against a named denominator in the same run, never absolute promises."""
