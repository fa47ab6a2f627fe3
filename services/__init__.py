"""The services. None imports another; they meet only in events and public HTTP APIs."""
