"""Looking at words before others or a coach do: allow, warn, block, or care for who wrote them.

Rules look always, without a model or a network; a model may look too, where one is connected.
What speaks of self-harm is never silently blocked: it is answered with a card. Publishes nothing.
"""
