"""The ways out: one file for each channel, behind one Protocol."""
