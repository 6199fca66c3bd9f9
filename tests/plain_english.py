"""Find sentences that are too long to be read once, in Markdown and in Python docstrings."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

MOST_WORDS = 30
QUESTION_WORDS = ("What", "Where", "How", "Which", "Whether", "Why", "Who", "When")
"""Words that no docstring begins with: it begins with a verb or the thing returned."""

_NO_PROSE = re.compile(r"^```.*?^```$|^<!--.*?-->$|^(?: {4}|\t).*$", re.MULTILINE | re.DOTALL)
_LITERAL_BLOCK = re.compile(r"(?<=::)\n\n(?:[ \t]+\S.*\n|\n)+|^[ \t]*>>> .*\n(?:[ \t]*\S.*\n)*", re.MULTILINE)
_CODE = re.compile(r"``[^`]*``|`[^`]*`|\[([^\]]*)\]\([^)]*\)|<[^>]*>|https?://\S+")
_ITEM = re.compile(r"^\s*(?:[*+-]|\d+\.)\s+|^#+\s+|^>\s+|^[A-Za-z_, ]+ : .*$")
_SECTION = re.compile(r"^-{3,}$|^={3,}$")
_END = re.compile(r"(?<=[.!?:;])[)\"'*_]*\s+(?=[(\"'*_`]*[A-ZÀ-Þ0-9`(])|(?<=[.!?])[)\"'*_]*$")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|et al|Fig|cf|vs|approx|[A-Z]|no|J|Mol|Biol|Acta|Cryst|Proc|Natl|Acad|Sci)\.(?= )"
)


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the paragraphs, list items, headings and table cells of a text."""
    begin, lines = 0, []
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        cell = line.strip()
        ends = not cell or _ITEM.match(line) or cell.startswith("|") or _SECTION.match(cell)
        if ends and lines:
            yield begin, " ".join(lines)
            lines = []
        if cell.startswith("|"):
            yield from ((number, part.strip()) for part in cell.strip("|").split("|") if part.strip())
        elif cell and not _SECTION.match(cell):
            begin = begin if lines else number
            lines.append(_ITEM.sub("", line).strip())


def words(sentence: str) -> int:
    """Count the words of a sentence; a piece of code counts as one."""
    plain = _CODE.sub(lambda match: match[1] or "code", sentence)
    return sum(any(letter.isalnum() for letter in word) for word in plain.split())


def long_sentences(text: str) -> list[tuple[int, int, str]]:
    """Return (line, words, sentence) of the sentences over `MOST_WORDS` words."""
    prose = _NO_PROSE.sub(lambda match: "\n" * match[0].count("\n"), text)
    found = []
    for line, paragraph in paragraphs(prose):
        whole = _ABBREVIATION.sub(lambda match: match[0][:-1], paragraph)
        for sentence in _END.split(whole):
            count = words(sentence or "")
            if count > MOST_WORDS:
                found.append((line, count, sentence))
    return found


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of a module's docstrings, those under a constant too, without indented blocks."""
    for node in ast.walk(ast.parse(path.read_text())):
        body = getattr(node, "body", None)
        for child in body if isinstance(body, list) else []:
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                text = child.value.value
                if isinstance(text, str):
                    yield child.lineno, inspect.cleandoc(_LITERAL_BLOCK.sub("\n", text))
