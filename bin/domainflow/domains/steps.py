"""Name the processes that a protein passes, in their order, for the ledger."""

__all__ = ["DOMAIN_STEPS", "MAY_SKIP", "PARSE_STEPS", "steps_run"]

PROFILES, SCORE = "SEARCH_PROFILES", "SCORE_DOMAINS"
PARSE_STEPS = (
    "PREPARE_PROTEINS", "SEARCH_TEMPLATES", PROFILES, "SELECT_CANDIDATES", "ALIGN_TEMPLATES", "PARSE_DOMAINS",
)  # fmt: skip
"""Those that parse a protein into domains; SEARCH_PROFILES runs with HH-suite only."""
DOMAIN_STEPS = (*PARSE_STEPS, SCORE, "ASSIGN_DOMAINS")
"""Those of the domains workflow, which also assigns the domains."""
MAY_SKIP = (SCORE,)
"""Those that leave out a protein that has nothing for them: SCORE_DOMAINS, one without any template to score."""


def steps_run(steps: tuple[str, ...], hhsuite: bool) -> list[str]:
    """Return the steps that a run has, with HH-suite or without."""
    return [step for step in steps if step != PROFILES or hhsuite]
