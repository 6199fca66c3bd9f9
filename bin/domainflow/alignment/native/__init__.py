"""The native DALI aligner: sequential alignments of two chains, from their CA atoms and their folding units.

DALI compares distances inside one chain with those inside the other (Holm & Sander, *J. Mol. Biol.* 1993, 233:123-138).
Its score is defined exactly, so it can be maximised directly:

1. `fragments`: helix and strand pieces of seven residues, and pairs of them that lie close together;
2. `seeds`: pairs of fragments that match give rigid transforms, ranked by the further fragments they bring together;
3. `rigid`: residues near each other under the best transforms give a first alignment each;
4. `refinement`: the alignment votes for residue pairs (`cells`), dynamic programming (`dynamic_programming`, inside a
   `corridor`) takes the best path, `trimming` drops what lowers the score, and so on until nothing changes;
5. `gaps`: what lies between neighbouring blocks is aligned again; `block_ends` moves their ends, `strays` drops pieces
   far from all others.

`z_score` is the largest z over pairs of folding units. It decides which candidates go on; of those whose z is nearly
the largest the one with the largest score is taken.

`pairwise` puts these together; `chain` holds what is prepared once a chain, `score` defines DALI's score.
"""
