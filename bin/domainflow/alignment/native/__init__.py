"""Align two chains sequentially, from their CA atoms and their folding units: the native DALI aligner.

DALI compares distances inside one chain with those inside the other (Holm & Sander, *J. Mol. Biol.* 1993, 233:123-138).
Its score is defined exactly, so it can be maximised directly:

1. `fragments` finds helix and strand pieces of seven residues, and pairs of them that are close together.
2. `seeds` derives rigid transforms from matching pairs of fragments. They are ranked by the further fragments that they
   bring together.
3. `rigid` makes a first alignment from each of the best transforms: it pairs residues near each other.
4. `refinement` improves an alignment until nothing changes. Its pairs vote for residue pairs (`cells`). Dynamic
   programming inside a `corridor` finds the best path (`dynamic_programming`). `trimming` drops pairs that lower the
   score.
5. `gaps` aligns the residues between neighbouring blocks again. `block_ends` moves the ends of blocks. `strays` drops
   pairs far from all others.

`z_score` computes the largest z over all pairs of folding units. The z of a candidate decides whether it goes on to the
next stage. Of the candidates whose z is nearly the largest, the one with the largest score is chosen.

`pairwise` runs these stages, `chain` prepares each chain once, and `score` defines DALI's score.
"""
