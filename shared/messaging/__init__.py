"""Delivery: outbox, journal, relay, inbox, consumers, repair, timers, dead letters."""
