"""All constants of DPAM, with their physical dimension and source, as three named sets.

``v2`` is the second public release, whose thresholds belong to the published network. ``v1`` is the first release: the
method published in *Protein Science* 2023, 32:e4548, as its program computes it. ``paper`` is v1 with the numbers in
the text of that article where they differ from the program. Choose a set by name with `parameter_set`.
"""

from dataclasses import dataclass, replace

__all__ = ["DPAM_PAPER", "DPAM_V1", "DPAM_V2", "PARAMETER_SETS", "BinTable", "DpamParameters", "parameter_set"]


@dataclass(frozen=True)
class BinTable:
    """Probability that two residues share a domain, by bins of one kind of evidence.

    Attributes
    ----------
    bounds : tuple of float
        Ascending. With `upper`, bin k holds values <= bounds[k]; otherwise bin k + 1 holds values >= bounds[k].
    probabilities : tuple of float
        One per bin, in order; one more than `bounds`.
    upper : bool
        True if the bounds are upper bounds.
    """

    bounds: tuple[float, ...]
    probabilities: tuple[float, ...]
    upper: bool


DISTANCE_TABLE = BinTable(
    bounds=(3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 35, 40, 45, 50, 55, 60, 70, 80, 120, 160, 200),
    probabilities=(
        0.95, 0.94, 0.93, 0.91, 0.89, 0.85, 0.81, 0.77, 0.71, 0.66, 0.58, 0.48, 0.40, 0.33, 0.28, 0.24, 0.22, 0.20,
        0.19, 0.15, 0.10, 0.06,
    ),
    upper=True,
)  # fmt: skip
"""Smallest distance between any two atoms of the residues, Å."""

PAE_TABLE = BinTable(
    bounds=(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 22, 24, 26, 28),
    probabilities=(
        0.97, 0.89, 0.77, 0.67, 0.61, 0.57, 0.54, 0.52, 0.50, 0.48, 0.47, 0.45, 0.44, 0.42, 0.41, 0.39, 0.37, 0.32,
        0.25, 0.16, 0.11,
    ),
    upper=True,
)  # fmt: skip
"""Mean predicted aligned error of both directions, Å."""

SEQUENCE_TABLE = BinTable(
    bounds=(50, 100, 110, 120, 140, 160, 180),
    probabilities=(0.50, 0.76, 0.81, 0.87, 0.88, 0.92, 0.94, 0.98),
    upper=False,
)
"""Best HH-suite probability (percent) over hits that contain both residues, plus the bonus for several hits."""

STRUCTURE_TABLE_V2 = BinTable(
    bounds=(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 25, 35),
    probabilities=(
        0.50, 0.52, 0.53, 0.54, 0.57, 0.60, 0.63, 0.68, 0.71, 0.74, 0.77, 0.80, 0.85, 0.87, 0.90, 0.93, 0.94, 0.95,
    ),
    upper=False,
)  # fmt: skip
"""Best DALI z over alignments that contain both residues, plus the bonus for several alignments."""

STRUCTURE_TABLE_V1 = BinTable(
    bounds=(6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 25, 35),
    probabilities=(0.50, 0.51, 0.53, 0.59, 0.63, 0.66, 0.69, 0.74, 0.79, 0.83, 0.89, 0.93, 0.96, 0.98),
    upper=False,
)


@dataclass(frozen=True)
class DpamParameters:
    """One published set of DPAM's constants; the defaults are those of v2."""

    name: str

    # Step 4: a search hit is kept if it covers enough new residues, which few better hits cover.
    depth_limit: int = 100
    """Largest depth, the number of hits so far that cover a residue, at which the residue still counts as new."""
    depth_residues: int = 10
    """Smallest number of new residues of a hit."""

    # Step 5
    mapped_pairs: int = 10
    """Smallest number of aligned pairs of an HH-suite hit inside an ECOD domain."""

    # Step 7
    alignment_pairs: int = 20
    """Smallest number of pairs of an alignment."""
    remaining_residues: int = 20
    """Smallest number of residues left for another round."""
    mask_gap: int = 5
    """Gap, in residues, up to which aligned residues are masked as one segment …"""
    mask_gap_fraction: float = 0.05
    """… or this share of the pairs, if that is more."""

    # Step 9
    support_coverage: float = 0.4
    support_probability: float = 50.0
    support_new_residues: float = 0.5
    """Smallest share of a hit's residues that no better hit of the same template covers."""

    # Steps 9 and 10
    segment_gap: int = 10
    """Largest step between residues of one segment."""
    segment_length: int = 5
    evidence_length: int = 25
    """Smallest number of residues in the kept segments of a hit that is evidence."""

    # Step 10: a structure hit must pass one of these limits.
    max_rank: float = 1.5
    min_q_score: float = 0.5
    max_tile: float = 0.75
    min_normalised_z: float = 0.225

    # Step 12
    disorder_separation: int = 10
    """Smallest separation of a contact in sequence, in residues."""
    disorder_pae: float = 12.0
    """PAE below which a pair is a contact, in Å."""
    disorder_window: int = 10
    disorder_contacts: int = 30
    """Largest number of contacts of a disordered window."""
    disorder_hits: int = 5
    """Largest number of residues of a disordered window that evidence covers."""

    # Step 13
    distance_table: BinTable = DISTANCE_TABLE
    pae_table: BinTable = PAE_TABLE
    sequence_table: BinTable = SEQUENCE_TABLE
    structure_table: BinTable = STRUCTURE_TABLE_V2
    exponents: tuple[float, float, float, float] = (0.25, 0.25, 0.25, 0.25)
    """Exponents of distance, PAE, sequence and structure in the combined probability."""
    sequence_bonus_offset: float = 10.0
    """Number subtracted from the sequence bonus, which is 10 per hit."""
    pair_threshold: float = 0.64
    """Mean probability above which two chunks may be joined (the article's alpha_p)."""
    merge_ratio: float = 1.1
    """Largest ratio of the mean probability inside a cluster to that between the two that join (alpha_r)."""
    small_cluster: float | None = 20.0
    """Size up to which a cluster joins without this condition; None: no cluster does.

    The size is the number of pairs if two clusters join, and the summed probability if a chunk joins a cluster.
    """
    cluster_residues: int = 20
    short_gap: int = 10
    """Longest gap that is always filled."""
    long_gap: int | None = 20
    """Longest gap that is filled if at most `short_gap` of its residues belong to a domain; None: no such gap is."""
    unique_residues: int = 10
    """Smallest number of residues of a kept segment that no other domain has."""
    domain_residues: int = 25

    # Steps 15 to 24 are those of v2; v1 ends with step 13.
    # Steps 15 and 24
    helix_residues: int = 6
    """Smallest number of residues of a helix that counts."""
    strand_residues: int = 3
    """Smallest number of residues of a strand that counts."""

    # Step 15
    elements_per_domain: bool = False
    """True to give the network the helices and strands of the domain, False those of the whole protein (as in v2)."""
    hit_overlap: float = 0.5
    """Smallest share of the domain, or of the hit, that hit and domain have in common (also in step 18)."""
    missing_rank: float = 100.0
    """Smallest rank, not divided by 10, of a missing hit."""
    missing_tile: float = 10.0
    """Percentiles of a missing structure hit."""

    # Step 17
    confident_probability: float = 0.6
    """Smallest probability of a confident hit."""
    clarity_margin: float = 0.05
    """Largest difference by which a T-group's best probability may be below a hit's and the T-group still competes."""

    # Step 18
    template_overlap: float = 0.33
    """Smallest share of the domain that a hit covers if its template residues are used."""

    # Steps 19 and 23
    structure_preference: float = 0.5
    """The structure alignment is used if it has more than this share of the number of residues of the HH-suite hit."""

    # Step 19: do two domains match different parts of one template?
    best_margin: float = 0.1
    """A template is nearly the best if its probability is less than this below the best."""
    shared_template: float = 0.25
    """Share of the template residues of one of the two domains; fewer than this may be shared with the other."""
    opposing_coverage: float = 0.5
    """A template of one domain alone opposes the pair if the domain covers more than this share of it."""

    # Step 21
    neighbour_distance: int = 5
    """Largest distance of neighbouring domains in sequence; residues of no domain are not counted."""
    merge_contact_distance: float = 8.0
    """Largest distance between atoms of two residues in contact, in Å."""
    merge_contacts: int = 9
    """Smallest number of residue pairs in contact between two domains that touch."""

    # Step 23
    full_coverage: float = 0.66
    """Share of the template, or of the T-group's typical length, that a full domain covers …"""
    least_coverage: float = 0.33
    """… with at least this share of each."""
    assigned_probability: float = 0.85
    """Smallest probability at which a domain is assigned to a template."""

    # Step 24
    structured_elements: int = 3
    """Smallest number of helices and strands of a domain that is not of simple topology."""
    simple_probability: float = 0.95
    """A domain with fewer is not of simple topology either if its HH-suite probability is at least this …"""
    simple_coverage: float = 0.8
    """… and both of its coverages are at least this."""

    compat_v2: bool = False
    """True to reproduce known bugs of v2's programs (docs/dpam-versions.md).

    In step 21 residues of two domains count twice. In step 23 all residues of a template have the same weight, since
    the program does not find the weights. There, candidates of a joined domain are ordered by the first part that has
    them, and a joined domain without a confident one keeps no row.
    """

    # Files
    layout: str = "v2"
    """Layout of DPAM's own per-protein files."""
    contact_distance: float = 22.0
    """Distance of CA atoms in Å below which residues are in contact if there is no PAE.

    The published method has no such mode. On 11 AlphaFold models this distance marks nearly the same residues as
    PAE does (Jaccard index 0.94 with v2, 0.93 with v1).
    """


DPAM_V2 = DpamParameters("v2")
DPAM_V1 = DpamParameters(
    "v1",
    disorder_separation=20,
    disorder_pae=6.0,
    disorder_window=5,
    disorder_contacts=5,
    disorder_hits=2,
    structure_table=STRUCTURE_TABLE_V1,
    exponents=(0.1, 0.1, 0.4, 0.4),
    pair_threshold=0.54,
    merge_ratio=1.07,
    small_cluster=None,
    long_gap=None,
    unique_residues=15,
    domain_residues=20,
    layout="v1",
)
DPAM_PAPER = replace(DPAM_V1, name="paper", disorder_contacts=10, min_normalised_z=0.25, sequence_bonus_offset=0.0)

PARAMETER_SETS = {parameters.name: parameters for parameters in (DPAM_V2, DPAM_V1, DPAM_PAPER)}


def parameter_set(name: str) -> DpamParameters:
    """Return the parameter set of that name.

    Raises
    ------
    ValueError
        If there is none.
    """
    try:
        return PARAMETER_SETS[name]
    except KeyError:
        raise ValueError(f"no parameter set is called '{name}'; there are {', '.join(PARAMETER_SETS)}") from None
