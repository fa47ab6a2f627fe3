"""How something reaches somebody outside the programme's own pages."""
