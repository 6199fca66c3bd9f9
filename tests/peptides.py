"""Make small structures for tests: chains of ideal geometry and their files."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["ALPHA", "PI", "STRAND", "THREE_TEN", "mmcif_text", "pdb_text", "peptide"]

# Backbone torsions (phi, psi) in degrees: helices as IUPAC-IUB 1970 gives them, and a parallel strand.
ALPHA = (-57.0, -47.0)
THREE_TEN = (-49.0, -26.0)
PI = (-57.0, -70.0)
STRAND = (-119.0, 113.0)

MMCIF_ITEMS = (
    "group_PDB",
    "label_atom_id",
    "label_alt_id",
    "label_comp_id",
    "label_asym_id",
    "label_seq_id",
    "Cartn_x",
    "Cartn_y",
    "Cartn_z",
    "pdbx_PDB_model_num",
)
# Å and degrees (Engh & Huber 1991).
N_CA, CA_C, C_N, C_O = 1.458, 1.525, 1.329, 1.231
N_CA_C, CA_C_N, C_N_CA, CA_C_O = 111.0, 117.2, 121.7, 120.1


def _place(a: NDArray, b: NDArray, c: NDArray, bond: float, angle: float, torsion: float) -> NDArray:
    """Place atom d bonded to c, with the angle b-c-d and the torsion a-b-c-d."""
    bc = (c - b) / np.linalg.norm(c - b)
    normal = np.cross(b - a, bc)
    normal /= np.linalg.norm(normal)
    theta, phi = np.radians(angle), np.radians(torsion)
    local = bond * np.array([-np.cos(theta), np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi)])
    return c + local[0] * bc + local[1] * np.cross(normal, bc) + local[2] * normal


def peptide(torsions: list[tuple[float, float]]) -> NDArray[np.float64]:
    """N, CA, C, O of a chain with these (phi, psi) and planar trans peptide bonds; shape (L, 4, 3) in Å."""
    n, ca, c = np.array([0.0, 0, 0]), np.array([N_CA, 0, 0]), np.array([N_CA + 0.55, 1.42, 0])
    residues = []
    for i, (_, psi) in enumerate(torsions):
        residues.append([n, ca, c, _place(n, ca, c, C_O, CA_C_O, psi + 180.0)])
        if i + 1 < len(torsions):
            next_n = _place(n, ca, c, C_N, CA_C_N, psi)
            next_ca = _place(ca, c, next_n, N_CA, C_N_CA, 180.0)
            n, ca, c = next_n, next_ca, _place(c, next_n, next_ca, CA_C, N_CA_C, torsions[i + 1][0])
    return np.array(residues)


def pdb_text(
    backbone: NDArray, names: list[str] | None = None, chain: str = "A", first: int = 1, hetero: tuple[int, ...] = ()
) -> str:
    """Write the PDB lines of a backbone; residues in `hetero` (0-based) as HETATM."""
    lines = []
    for i, residue in enumerate(backbone):
        name = names[i] if names else "ALA"
        record = "HETATM" if i in hetero else "ATOM"
        for k, (atom, (x, y, z)) in enumerate(zip(("N", "CA", "C", "O"), residue, strict=True)):
            lines.append(
                f"{record:<6s}{4 * i + k + 1:5d}  {atom:<3s} {name:>3s} {chain}{first + i:4d}    "
                f"{x:8.3f}{y:8.3f}{z:8.3f}  1.00 50.00           {atom[0]}  \n"
            )
    return "".join(lines)


def mmcif_text(rows: list[str], more: str = "") -> str:
    """Write an mmCIF file of the atom rows ``group atom alt residue chain number x y z model``."""
    header = "".join(f"_atom_site.{item}\n" for item in MMCIF_ITEMS)
    return f"data_test\n{more}#\nloop_\n{header}" + "".join(f"{row}\n" for row in rows) + "#\n"
