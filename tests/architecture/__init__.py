"""Guard tests: the rules of the house, and proof that each would be noticed if broken."""
