"""The built-in coach: from the numbers of a life to what may help, and why. Pure."""
