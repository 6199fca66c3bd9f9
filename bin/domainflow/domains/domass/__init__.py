"""Estimate the probability that a domain is homologous to a template, with the network DOMASS (DPAM steps 15, 16)."""
