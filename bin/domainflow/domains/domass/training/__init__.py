"""Train the network DOMASS and measure how good it is."""
