"""Code lists: the words of the field, versioned, with labels in English and Spanish.

One TOML file for each list; `lists.py` reads and checks them. A code lasts: events and tables carry
it for years, so it is retired and never renamed, removed or reused.
"""
