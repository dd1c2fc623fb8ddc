"""Methods by group, for the synchronous and the asynchronous client."""
