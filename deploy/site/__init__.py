"""The documentation as a site: built by Zensical, then read as a browser would read it."""
