"""Where mail goes: the Protocol and its two ways out."""
