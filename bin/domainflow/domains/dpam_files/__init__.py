"""Write and read the text files of DPAM v1 and v2, to the byte."""
