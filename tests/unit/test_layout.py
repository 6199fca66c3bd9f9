"""The library is laid out as its first page says: packages in one order, and one name a step."""

import ast
import importlib
import re
from graphlib import TopologicalSorter

import pytest

import domainflow
from domainflow.domains.steps import DOMAIN_STEPS

MOST_PACKAGES = 14
LONGEST_LINE = 120
MOST_LINES = 60
"""Largest number of lines of an executable: read, work, write."""

PACKAGES = re.findall(r"^    ([a-z_]+)  +\S", domainflow.__doc__, re.MULTILINE)
STEPS = re.findall(r"^    ([A-Z_]+)  +(-|\d+)  +(\S+)$", domainflow.__doc__, re.MULTILINE)
CODONS = re.findall(r"^    ([A-Z_]+) +((?:codons|report)\.\S+)$", domainflow.__doc__, re.MULTILINE)
"""Processes of the workflow codons, each with its function."""


@pytest.fixture(scope="module")
def library(root):
    return root / "bin" / "domainflow"


@pytest.fixture(scope="module")
def imports(library):
    """Modules of the library, each with the modules it imports, as dotted names below ``domainflow``."""
    paths = {path.relative_to(library).with_suffix("").parts: path for path in library.rglob("*.py")}
    names = {".".join(part for part in parts if part != "__init__"): path for parts, path in paths.items()}
    found = {}
    for name, path in names.items():
        used = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: import absolutely, so that fingerprints see it"
                used |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Import):
                used |= {alias.name for alias in node.names}
        used = {dotted.removeprefix("domainflow.") for dotted in used if dotted.startswith("domainflow.")}
        found[name] = used & names.keys() - {name}
    return found


def test_the_top_level_holds_packages_alone(library):
    below = {path.name for path in library.iterdir() if path.name != "__pycache__"}
    assert below == {"__init__.py", *PACKAGES}
    assert len(PACKAGES) <= MOST_PACKAGES
    for folder in library.rglob("*"):
        if folder.is_dir() and folder.name != "__pycache__":
            assert (folder / "__init__.py").read_text().startswith('"""'), folder


def test_a_package_imports_only_from_packages_above_it(imports):
    upwards = [
        f"{module} imports {used}"
        for module, all_used in imports.items()
        for used in all_used
        if module and PACKAGES.index(used.partition(".")[0]) > PACKAGES.index(module.partition(".")[0])
    ]
    assert upwards == []
    assert imports[""] == set(), "importing the library imports nothing"


def test_no_modules_import_one_another_in_a_circle(imports):
    assert list(TopologicalSorter(imports).static_order())


def test_tests_mirror_the_packages(root):
    folders = {path.name for path in (root / "tests" / "unit").iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == {*PACKAGES, "tools"}


def test_every_step_of_dpam_has_its_place():
    assert {int(step) for _, step, _ in STEPS if step != "-"} == {*range(1, 14), *range(15, 26)}
    for _, step, place in STEPS:
        name, _, function = place.rpartition(".")
        module = importlib.import_module(f"domainflow.{name}")
        assert callable(getattr(module, function))
        assert function in module.__all__
        if step != "-":
            numbers = [
                range(int(first), int(last or first) + 1)
                for text in re.findall(r"[Ss]teps? ((?:\d+(?: to \d+)?(?:, | and )?)+)", module.__doc__)
                for first, last in re.findall(r"(\d+)(?: to (\d+))?", text)
            ]
            assert any(int(step) in some for some in numbers), f"{module.__name__} does not name step {step}"


def test_every_process_of_codons_has_its_function(root):
    assert {path.stem for path in (root / "modules" / "codons").glob("*.nf")} == {name.lower() for name, _ in CODONS}
    for _, place in CODONS:
        name, _, function = place.rpartition(".")
        assert function in importlib.import_module(f"domainflow.{name}").__all__


def executable_of(path):
    """The executable of a module; of two processes with one name, the later one's holds its workflow's name."""
    if path.stem == "write_results" and path.parent.name != "domains":
        return f"write_{path.parent.name}_results"
    return path.stem


def test_a_step_has_one_name(root):
    processes = [process for process, _, _ in STEPS]
    in_order = [
        "LIST_INPUTS",
        "PREPARE_PROTEINS",
        "SEARCH_TEMPLATES",
        "SEARCH_PROFILES",
        *DOMAIN_STEPS[3:],
        "CHOOSE_PAGES",
        "DRAW_PROTEINS",
        "WRITE_RESULTS",
    ]
    assert set(processes) == set(in_order)
    assert set(DOMAIN_STEPS) == set(in_order[1:-3]), "a protein without a page has its answer"
    for path in sorted((root / "modules").glob("*/*.nf")):
        text = path.read_text()
        (process,) = re.findall(r"^process (\w+) \{", text, re.MULTILINE)
        assert path.stem == process.lower()
        executables = re.findall(r"\b(\w+\.py)\b", text.partition("script:")[2].partition("stub:")[0])
        assert executables in ([], [f"{executable_of(path)}.py"]), path
        assert "stub:" in text
    used = {executable_of(path) for path in (root / "modules").glob("*/*.nf")}
    assert {process.lower() for process in processes} <= used
    assert {path.stem for path in (root / "bin").glob("*.py")} - used == {"convert_domass"}


def test_labels_for_resources_and_for_errors_are_two_sets(root):
    for path in (root / "modules").glob("*/*.nf"):
        labels = re.findall(r"^    label '(\w+)'$", path.read_text(), re.MULTILINE)
        assert labels[0] in ("light", "align", "search", "profiles", "build"), path
        assert labels[1:] in ([], ["required"]), path


def test_executables_are_short(root):
    lines = {path.name: len(path.read_text().splitlines()) for path in (root / "bin").glob("*.py")}
    assert {name: number for name, number in lines.items() if number > MOST_LINES} == {}


def test_lines_of_nextflow_fit_the_screen(root):
    folders = ("workflows", "functions", "modules", "tests")
    scripts = [path for folder in folders for path in (root / folder).rglob("*.nf")]
    scripts += [root / "main.nf", root / "nextflow.config", *(root / "conf").iterdir()]
    long = [
        f"{path.name}:{number}"
        for path in scripts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []
