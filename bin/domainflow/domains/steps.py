"""Name the processes that a protein passes through, in order, for the ledger."""

__all__ = ["DOMAIN_STEPS", "MAY_SKIP", "PARSE_STEPS", "steps_run"]

PROFILES, SCORE = "SEARCH_PROFILES", "SCORE_DOMAINS"
PARSE_STEPS = (
    "PREPARE_PROTEINS", "SEARCH_TEMPLATES", PROFILES, "SELECT_CANDIDATES", "ALIGN_TEMPLATES", "PARSE_DOMAINS",
)  # fmt: skip
"""Processes that parse a protein into domains; SEARCH_PROFILES runs with HH-suite only."""
DOMAIN_STEPS = (*PARSE_STEPS, SCORE, "ASSIGN_DOMAINS")
"""Processes of the domains workflow, which also assigns the domains."""
MAY_SKIP = (SCORE,)
"""Processes that skip a protein without work for them: SCORE_DOMAINS skips one without any template to score."""


def steps_run(steps: tuple[str, ...], hhsuite: bool) -> list[str]:
    """Return the steps of a run, with or without HH-suite."""
    return [step for step in steps if step != PROFILES or hhsuite]
