"""What a service says of itself: its OpenAPI document, made whole, and the pages that show it."""
