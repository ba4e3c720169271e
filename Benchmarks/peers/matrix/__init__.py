"""A load test of bots in Matrix rooms: what they answer, lose and say twice while things break."""
