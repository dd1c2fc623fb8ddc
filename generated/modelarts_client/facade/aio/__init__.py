"""One module per group."""
