"""How SelfOS reaches people outside the page. For now: mail.

Other slices ask for a mail by template name from their own jobs, so that nothing is sent for a
change that did not happen. Publishes and listens to nothing.
"""
