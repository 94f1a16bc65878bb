"""The assistant: conversations that are yours alone, a coach that reckons and only proposes.

Answers by rules where they suffice and by a model where one is allowed, and says which it was.
Publishes `nudge.*` and `intent.corrected`; changes plans only through proposals the user applies.
"""
