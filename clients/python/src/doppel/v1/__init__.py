"""The contract, as generated from proto/doppel/v1."""
