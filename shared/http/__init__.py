"""HTTP: problems, who is calling, one transaction per request, paging, idempotent writes."""
