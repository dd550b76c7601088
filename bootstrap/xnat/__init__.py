"""The one door to an XNAT: client.py asks and writes, server.py knows what it is, wait.py waits for it."""
