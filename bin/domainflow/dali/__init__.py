"""The native DALI aligner: the sequential alignment of two chains with the largest z-score, from their CA atoms alone.

DALI compares distances inside one chain with those inside the other (Holm & Sander, *J. Mol. Biol.* 1993, 233:123-138).
Its score is defined exactly, so it can be maximised directly:

1. `fragments`: helix and strand pieces of seven residues, and pairs of them that lie close together;
2. `seeds`: pairs of fragments that match give rigid transforms, ranked by the further fragments they bring together;
3. `rigid`: residues near each other under the best transforms give a first alignment each;
4. `refinement`: the alignment votes for residue pairs (`cells`), dynamic programming (`dynamic_programming`, inside a
   `corridor`) takes the best path, `trimming` drops what lowers the score, and so on until nothing changes;
5. `z_score`: the largest z over pairs of folding units decides between the candidates.

`pairwise` puts these together; `chain` holds what is prepared once a chain, `score` defines DALI's score.
"""
