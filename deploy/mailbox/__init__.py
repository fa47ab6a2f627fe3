"""A local mailbox for demo and tests: catches mail by SMTP, shows it, and relays nothing, ever."""
