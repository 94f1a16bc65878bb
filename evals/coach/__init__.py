"""The coach without a model: states and help, intents, and what it says of itself."""
