"""What the policies decide."""
