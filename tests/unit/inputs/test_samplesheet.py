"""Samplesheets as people have them."""

import pytest

from domainflow.inputs.rows import rows_of_sheet
from domainflow.inputs.samplesheet import is_list_of_paths, listed_paths, sheet_rows
from domainflow.run.errors import InputError

PLAIN = "id,structure,pae\na,models/a.pdb,a.json\nb,models/b.pdb,\n"
DIALECTS = {
    "plain": PLAIN,
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "upper case": PLAIN.replace("id,structure,pae", "ID,Structure,PAE"),
    "quoted header": PLAIN.replace("id,structure,pae", '"id","structure","pae"'),
    "all quoted": "\n".join(",".join(f'"{f}"' for f in line.split(",")) for line in PLAIN.splitlines()),
    "blank lines": PLAIN.replace("\n", "\r\n\r\n"),
    "old Macintosh": PLAIN.replace("\n", "\r"),
    "other order and more columns": "note,pae,id,structure\nx,a.json,a,models/a.pdb\n,,b,models/b.pdb\n",
    "blanks": PLAIN.replace(",", " , "),
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_dialects(dialect, encoding):
    rows = sheet_rows(DIALECTS[dialect].encode(encoding), "s.csv")
    assert [row[:3] for row in rows] == [("a", "models/a.pdb", "a.json"), ("b", "models/b.pdb", "")]
    assert not any(row.reason for row in rows)


def test_names_with_accents():
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        content = "id,structure,pae\na,modèle.pdb,\n".encode(encoding)
        assert sheet_rows(content, "s.csv")[0].structure == "modèle.pdb"


def test_quotes_and_commas():
    text = 'id,structure,pae\n good , "a, b.pdb" ,\n"a ""b""",a.pdb,\nlong,a.pdb,,,\ncomma,a, b.pdb,c\nlast,a.pdb\n'
    rows = rows_of_sheet(sheet_rows(text.encode(), "s.csv"))
    assert rows[0].structure == "a, b.pdb"
    assert [row.id for row in rows] == ["good", 'a "b"', "long", "comma", "last"]
    assert "holds a blank" in rows[1].reason
    assert rows[2].reason is None
    assert "row 4 of the samplesheet has more fields than its header" in rows[3].reason


def test_reasons():
    text = "id,structure\na,a.pdb\na,b.pdb\n,c.pdb\nd,\nx.,e.pdb\n"
    reasons = [row.reason for row in rows_of_sheet(sheet_rows(text.encode(), "s.csv"))]
    assert reasons[:4] == [
        None,
        "the id already occurs in row 1; this row (2) is skipped",
        "row 3 of the samplesheet has no id",
        "no structure is given",
    ]
    assert "ends with '.'" in reasons[4]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"id,structure,pae\n", "has a header but no protein"),
        (b"name,file\na,b\n", "has no column id and structure; its header must be id,structure,pae"),
        (b"PK\x03\x04" + bytes(26) + b"xl/workbook.xml", "spreadsheet; save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "spreadsheet; save it as CSV"),
        (b"<html></html>", "is a web page"),
        (b'{"a": 1}', "is a JSON file"),
    ],
)
def test_what_is_no_samplesheet(content, sentence):
    with pytest.raises(InputError, match=sentence):
        sheet_rows(content, "s.csv")


def test_lists_of_paths():
    content = "\ufeff/data/a.pdb\r\n\r\n# a remark\r\nmodels/b.cif.gz\r\n/data/a.pdb\r\nmodels/b.json\r\n".encode()
    assert is_list_of_paths(content)
    assert [file.path for file in listed_paths(content)] == ["/data/a.pdb", "models/b.cif.gz", "models/b.json"]
    assert not is_list_of_paths(PLAIN.encode())
    assert not is_list_of_paths(b"")
