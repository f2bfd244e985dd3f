"""Synthetic dbt projects, written as manifests."""
