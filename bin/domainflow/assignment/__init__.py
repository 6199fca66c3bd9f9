"""From the network's judgements to final domains: DPAM's steps 17 to 24."""
