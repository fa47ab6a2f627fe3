"""What the services have to do, as a pure model, and the machine that holds them to it."""
