#!/usr/bin/env python3
"""Stand before bin/select_candidates.py on the PATH: run it, then replace the templates it chose by given ones.

SELECT_CANDIDATES names the executable, GIVEN_CANDIDATES a JSON file with the UIDs of each protein.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(os.environ["SELECT_CANDIDATES"]).parent))

from domainflow.domains.tables import write_candidates
from domainflow.run.step import bucket_name
from domainflow.structures.archive import read_proteins

subprocess.run([os.environ["SELECT_CANDIDATES"], *sys.argv[1:]], check=True)
given = json.loads(Path(os.environ["GIVEN_CANDIDATES"]).read_text())
archive = Path(sys.argv[sys.argv.index("--proteins") + 1])
proteins = [protein.id for protein in read_proteins(archive, with_pae=False)]
write_candidates(Path(f"{bucket_name(archive)}.candidates.tsv"), {name: given[name] for name in proteins})
