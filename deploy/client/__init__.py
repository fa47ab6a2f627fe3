"""A typed client of every service, generated from their OpenAPI documents; `service.py` is ours.

casework = Casework(httpx.Client(base_url="http://127.0.0.1:8102", auth=...))
casework.put_contact(contact_id, ContactBody(...))
"""
