"""Read models: a pure fold of events and one upsert, equal to a rebuild from the journals."""
