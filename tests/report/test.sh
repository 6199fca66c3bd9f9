#!/usr/bin/env bash
# Check the script of the report's page, then open made-up pages and a real run in Chromium and Firefox. Called by `make test-report`.
# Missing browsers and Node (18 or newer) are installed by apt as root. Without them nothing can run, and this says so.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
pages="$root/.cache/report"

installs() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }

if ! command -v npm >/dev/null && installs; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
fi
if ! command -v npm >/dev/null; then
    echo "The report's page is not tested: Node 20 and npm are missing." >&2
    exit $([ -n "${CI:-}" ] && echo 1 || echo 0)
fi
browsers=$(command -v chromium firefox-esr firefox Xvfb || true)
if [[ ! ( $browsers == *chromium* && $browsers == *firefox* && $browsers == *Xvfb* ) ]] && installs; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium firefox-esr xvfb fonts-dejavu-core >/dev/null
fi
if ! cmp -s "$here/package-lock.json" "$here/node_modules/.installed"; then
    (cd "$here" && npm ci --silent --ignore-scripts --no-audit --no-fund)
    cp "$here/package-lock.json" "$here/node_modules/.installed"
fi

cd "$root"
"$here/node_modules/.bin/tsc" -p "$here/tsconfig.json"
"$here/node_modules/.bin/eslint" -c "$here/eslint.config.js" assets/report/script
rm -rf "$pages" && mkdir -p "$pages"
.venv/bin/python "$here/make_pages.py" "$pages"
# a real run of three proteins: its tables are compared with what its report draws
(cd "$pages" && "$root/tools/nextflow" run "$root/main.nf" -ansi-log false -profile test --outdir real >real.log) ||
    { cat "$pages/real.log" >&2; exit 1; }
REPORT_REAL="$pages/real" REPORT_PAGES="$pages" node --test --test-concurrency=1 --test-reporter=spec "$here"
echo "Pictures to look at: .cache/report/pictures"
