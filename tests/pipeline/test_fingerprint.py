"""What -resume takes for the code of a process is all the code it runs."""

from modulefinder import ModuleFinder

import pytest


@pytest.fixture(scope="module")
def covered(evaluate):
    """Names of the modules in each executable's fingerprint."""
    return evaluate("print_modules.nf")


def test_fingerprint_covers_what_python_imports(root, covered):
    executables = sorted((root / "bin").glob("*.py"))
    assert sorted(covered) == [path.name for path in executables]
    for path in executables:
        finder = ModuleFinder(path=[str(root / "bin")])
        finder.run_script(str(path))
        imported = {name for name in finder.modules if name.partition(".")[0] == "domainflow"}
        assert imported <= set(covered[path.name]), path.name
        assert "domainflow" in imported


def test_the_aligner_is_no_input_of_the_other_steps(covered):
    # a change of the aligner must not search or prepare again
    users = [name for name, modules in covered.items() if "domainflow.alignment.native.engine" in modules]
    assert users == ["align_homologues.py", "align_templates.py"]
