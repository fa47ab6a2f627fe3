"""What others build on, generated from the code: OpenAPI, AsyncAPI and the typed client."""
