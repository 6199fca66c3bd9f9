"""Docs and docstrings can be read once: no sentence over 30 words, no docstring that begins as a question."""

import pytest

from plain_english import QUESTION_WORDS, docstrings, long_sentences

EXAMPLE = """# Title

One two three. Four `a b c` [five six](seven) e.g. eight.

* item
  goes on

| cell | other |
"""


def test_sentences_are_counted_as_a_reader_does():
    long = " ".join(["word"] * 31)
    assert long_sentences(EXAMPLE) == []
    assert [count for _, count, _ in long_sentences(f"{EXAMPLE}\n{long}. Short one.")] == [31]
    assert [line for line, _, _ in long_sentences(f"a\n\n* {long}\n  {long}.\n")] == [3]
    assert long_sentences(f"```\n{long}\n```\n") == []


@pytest.fixture(scope="module")
def documents(root):
    return [root / "README.md", root / "CHANGELOG.md", *(root / "docs").rglob("*.md"), *(root / "assets").rglob("*.md")]


def test_no_sentence_of_the_documents_is_too_long(root, documents):
    found = [
        f"{path.relative_to(root)}:{line}: {count} words: {sentence}"
        for path in documents
        for line, count, sentence in long_sentences(path.read_text())
    ]
    assert not found, "\n".join(found)


def test_no_sentence_of_a_docstring_is_too_long(root):
    found = [
        f"{path.relative_to(root)}:{begin}: {count} words: {sentence}"
        for folder in ("bin", "tools", "tests")
        for path in sorted((root / folder).rglob("*.py"))
        for begin, text in docstrings(path)
        for _, count, sentence in long_sentences(text)
    ]
    assert not found, "\n".join(found)


def test_docstrings_do_not_begin_as_a_question(root):
    found = [
        f"{path.relative_to(root)}:{begin}: {text.splitlines()[0]}"
        for folder in ("bin", "tools")
        for path in sorted((root / folder).rglob("*.py"))
        for begin, text in docstrings(path)
        if text.split(maxsplit=1)[0] in QUESTION_WORDS
    ]
    assert not found, "\n".join(found)
