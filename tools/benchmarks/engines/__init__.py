"""Measure what the published programs cost as engines, beside the published way to call them."""
