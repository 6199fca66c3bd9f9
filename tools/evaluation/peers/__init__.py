"""Run other programs that cut proteins into domains, and set them beside domainflow; none of their code is here."""
