cents / 100.0
