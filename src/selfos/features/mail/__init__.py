"""How mail leaves this instance: the words of account mails, and the ways out.

Other slices ask for a mail by name from their own jobs, so that nothing is sent for a
change that did not happen. Publishes and listens to nothing.
"""
