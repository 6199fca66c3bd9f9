"""Tests with the published programs and with images: `make test-engines SOURCES=DIR`, never part of `make test`."""
