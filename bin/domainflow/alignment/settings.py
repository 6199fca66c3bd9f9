"""Define the arguments of an executable that opens an alignment engine."""

import argparse
from pathlib import Path

from domainflow.alignment.engine import EngineSettings

__all__ = ["add_engine_arguments", "engine_settings"]

BYTES_PER_GB = 10**9
WORKERS_PER_CPU = 4
"""DaliLite's calls wait for small files half of the time; DPAM's users run four per CPU."""
MOST_WORKERS = 64


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `engine_settings` reads."""
    parser.add_argument("--min-block", type=int, default=4, help="shortest gapless block of aligned pairs")
    parser.add_argument("--workers", type=int, help="calls of DaliLite at a time (default: 4 a thread, at most 64)")
    parser.add_argument("--dali", type=Path, help="dali.arrow: the templates as DaliLite reads them")
    parser.add_argument("--scratch", default="", help="folder on the node for temporary files, or 'off'")
    parser.add_argument("--node-cache", type=Path, help="folder on the node where tasks share templates")
    parser.add_argument("--node-cache-gb", type=float, default=20.0, help="largest size of that folder in GB")


def engine_settings(args: argparse.Namespace, threads: int, templates: int) -> EngineSettings:
    """Return the settings of an engine that uses some threads and will align with a number of templates."""
    return EngineSettings(
        threads=threads,
        min_block=args.min_block,
        workers=args.workers or min(WORKERS_PER_CPU * threads, MOST_WORKERS),
        templates=templates,
        imported=args.dali,
        scratch=args.scratch,
        node_cache=args.node_cache,
        node_cache_bytes=int(args.node_cache_gb * BYTES_PER_GB),
    )
