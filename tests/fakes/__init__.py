"""What stands outside of SelfOS, as real servers on this machine."""
