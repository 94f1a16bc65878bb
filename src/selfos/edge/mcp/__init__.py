"""The Model Context Protocol: the registry's tools for assistants from outside, on two ways in.

`door` answers at `/mcp`, `stdio` speaks with a program that has started us. What they say is one
`server`. The protocol's library is loaded when somebody first knocks: it costs most people nothing.
"""
