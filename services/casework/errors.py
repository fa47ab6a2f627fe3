"""What this service refuses, each with its own lasting problem type."""
