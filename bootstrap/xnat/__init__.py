"""The one door to the server: the client, what the server is, and its files."""
