"""The client's version, which it tells to the server."""

__version__ = "0.1.0"
