"""The tables for the user."""

from collections import Counter

import numpy as np

from domainflow.domains.assignment.final_domains import FinalDomain
from domainflow.domains.results import (
    DomainRow,
    domain_rows,
    format_rows,
    read_rows,
    summary,
    summary_lines,
)
from domainflow.run.ledger import LedgerRow
from domainflow.structures.author_numbers import AuthorNumbers

SETTINGS = {
    "pae": "present", "parameters": "v2", "search_engine": "native", "alignment_engine": "native", "network": "a.npz",
}  # fmt: skip

LABELS = [str(number) for number in range(101, 251)]
LABELS[59] = "160A"
AUTHOR = AuthorNumbers("B", tuple(LABELS))


class Store:
    """A reference of one template."""

    def row(self, uid):
        assert uid == "000000001"
        return 0

    def t_group_name(self, _row):
        return "A fold"


def final(name, residues, **values):
    empty = dict.fromkeys(FinalDomain._fields)
    return FinalDomain(
        **{**empty, "name": name, "range": "", "residues": residues, "parts": "D1", "assignment": "miss",
           "label": "low_confidence", "helices": 2, "strands": 1, **values}
    )  # fmt: skip


def example_rows():
    good = final(
        "nD1", np.r_[1:42, 60:91], parts="D1,D2", assignment="full", label="good_domain", uid="000000001",
        template_id="e1aaaA1", t_group="1.1.1", probability=0.932, hh_probability=0.955, dali_z=9.0,
        template_coverage=1.0, t_group_coverage=0.889, clarity="good",
    )  # fmt: skip
    plddt = np.where(np.arange(150) < 40, 91.0, 87.5676)
    found = [good, final("nD2", np.arange(100, 130))]
    ends = [np.r_[1:41, 60:91], np.arange(100, 130)]
    return domain_rows("p", found, Store(), SETTINGS, AUTHOR, ends, ["templates,coordinates", "coordinates"], plddt)


def test_a_domain_is_told_with_its_template_and_one_without_with_na():
    first, second = example_rows()
    assert first == DomainRow(
        "p", "nD1", "1-40,60-90", "71", "D1,D2", "good_domain", "1.1.1", "A fold", "000000001", "e1aaaA1", "0.932",
        "full", "0.955", "9.0", "1.0", "0.889", "good", "2", "1", "present", "v2", "native", "native", "a.npz",
        "101-140,160A-190", "B", "na", "1-41,60-90", "templates,coordinates", "89.5",
    )  # fmt: skip
    assert second[:6] == ("p", "nD2", "100-129", "30", "D1", "low_confidence")
    assert set(second[6:11]) == {"na"}
    assert second.assignment == "miss"


def test_dpams_summary_has_its_columns():
    header, first, second = "".join(summary_lines(example_rows())).splitlines()
    assert header == (
        "Protein\tDomain\tRange\tECOD_num\tECOD_key\tT-group\tDPAM_prob\tHH_prob\tDALI_zscore\tHit_cov\tTgroup_cov\t"
        "Judge\tHcount\tScount"
    )
    assert first == "p\tnD1\t1-41,60-90\t000000001\te1aaaA1\t1.1.1\t0.932\t0.955\t9.0\t1.0\t0.889\tgood_domain\t2\t1"
    assert second == "p\tnD2\t100-129\tna\tna\tna\tna\tna\tna\tna\tna\tlow_confidence\t2\t1"


def test_rows_come_back_as_they_were(tmp_path):
    row = DomainRow(*[f"value {n}" for n in range(len(DomainRow._fields))])
    (tmp_path / "domains.tsv").write_text(format_rows([row, row]))
    assert list(read_rows(tmp_path / "domains.tsv")) == [row, row]


def test_summary_counts_and_names_what_has_no_answer():
    ledger = [
        LedgerRow("a", "ok", "ASSIGN_DOMAINS", length="100", domains="2"),
        LedgerRow("b", "rejected", "PREPARE_PROTEINS", "the file is empty"),
        LedgerRow("c", "no_domain", "ASSIGN_DOMAINS", domains="0"),
    ]
    assert summary(ledger, Counter(row.label for row in example_rows())).splitlines() == [
        "3 proteins: 1 ok, 1 no_domain, 1 rejected, 0 failed",
        "2 domains: 1 good_domain, 1 low_confidence",
        "rejected: b at PREPARE_PROTEINS: the file is empty",
    ]


def test_a_long_list_is_cut_with_a_word_where_the_rest_is():
    lines = summary(
        [LedgerRow(f"p{n}", "failed", "ALIGN_TEMPLATES", "lost") for n in range(50)], Counter()
    ).splitlines()
    assert len(lines) == 2 + 20 + 1
    assert "30 more in ledger.tsv" in lines[-1]
