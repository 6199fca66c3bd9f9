"""Judge which templates a domain is homologous to: the network DOMASS and its inputs (DPAM steps 15 and 16)."""
