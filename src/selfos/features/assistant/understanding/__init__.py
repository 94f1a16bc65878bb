"""What somebody wants with a message, by grammar: an intent, how sure, and what it speaks of. Pure.

English only; a message in another language is unsure, and a model may be asked.
"""

from selfos.features.assistant.understanding.reading import SURE, Reading, understand

__all__ = ["SURE", "Reading", "understand"]
