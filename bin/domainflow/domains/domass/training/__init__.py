"""Train the network DOMASS and measure its accuracy (DPAM step 16)."""
