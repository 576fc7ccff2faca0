#!/usr/bin/env bash
# What goes wrong around a build, tried on the real guide, by hand: it takes
# minutes and needs Linux. Quick faults, kills, full disks and read-only ones
# are tests of `cargo test`; `KILLS=200 ROUNDS=100 cargo test --release --test cli
# output` makes those longer.
#
#   tests/faults.sh [PROGRAM]     default: target/release/status-guide
#
# Prints a line for each fault. Exit code 1: at least one was not borne.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
program=$(realpath "${1:-target/release/status-guide}") || exit 2
[[ -x $program ]] || { echo "no program at $program; run: cargo build --release" >&2; exit 2; }

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
failed=0

copy() { # folder: a guide of its own
  mkdir -p "$work/$1" && cp -r "$root/content" "$root/static" "$work/$1/"
}
build() { # folder, options: a build in it; what it says goes to $work/said
  local folder=$1
  shift
  (cd "$work/$folder" && "$program" build "$@") >"$work/said" 2>&1
}
line() { # fault, what happened, whether that is right
  local word=ok
  [[ $3 == 0 ]] || { word=FAIL failed=1; }
  printf '%-44s %-4s %s\n' "$1" "$word" "$2"
}
panicked() { grep -q 'panicked\|RUST_BACKTRACE' "$work/said"; }
same() { diff -rq "$work/$1" "$work/$2" >"$work/differences" 2>&1; }
litter() { find "$work/$1" -maxdepth 1 -name '.dist*' | grep -q .; }

copy a
build a || { cat "$work/said"; exit 2; }
files=$(find "$work/a/dist" -type f | wc -l)
printf '%s, %s files\n\n' "$("$program" --version)" "$files"

# ---- The clock and the times of files -----------------------------------
for day in 1970-01-02 2106-01-01; do
  copy "day-$day"
  cp -r "$work/a/dist" "$work/day-$day/dist"
  find "$work/day-$day" -exec touch -h -d "$day" {} +
  build "day-$day"
  code=$?
  same "day-$day/dist" a/dist
  line "all files are of $day" "exit $code, $(sed -n 's/^Files: //p' "$work/said")" $((code || $?))
done
if command -v faketime >/dev/null; then
  for day in '2001-01-01 00:00:00' '2037-12-31 23:59:59'; do
    rm -rf "$work/clock" && copy clock
    (cd "$work/clock" && faketime "$day" "$program" build) >"$work/said" 2>&1
    code=$?
    same clock/dist a/dist
    line "the clock says $day" "exit $code, the same bytes" $((code || $?))
  done
else
  echo '(no faketime here: the clock itself was not set)'
fi

# ---- Content that changes while it is read -------------------------------
copy b
sed -i 's/^footer = .*/footer = "Another foot."/' "$work/b/content/site.toml"
build b
cp "$work/a/content/site.toml" "$work/old.toml"
cp "$work/b/content/site.toml" "$work/new.toml"
copy moving
(
  while :; do
    for version in old new; do
      cp "$work/$version.toml" "$work/moving/x.tmp"
      mv "$work/moving/x.tmp" "$work/moving/content/site.toml"
    done
  done
) &
writer=$!
wrong=0 a=0 b=0
for _ in $(seq 30); do
  build moving || wrong=$((wrong + 1))
  if same moving/dist a/dist; then a=$((a + 1)); elif same moving/dist b/dist; then b=$((b + 1)); else wrong=$((wrong + 1)); fi
done
kill $writer; wait $writer 2>/dev/null
line 'a file is replaced while a build reads (30)' "$a of the old, $b of the new, $wrong of neither" "$wrong"

copy torn
(
  while :; do
    for version in old new; do cat "$work/$version.toml" >"$work/torn/content/site.toml"; done
    rm -f "$work/torn/content/codes/404.md"; cp "$root/content/codes/404.md" "$work/torn/content/codes/404.md"
    rm -f "$work/torn/static/site.js"; cp "$root/static/site.js" "$work/torn/static/site.js"
  done
) &
writer=$!
right=0 refused=0 wrong=0
for _ in $(seq 60); do
  build torn
  code=$?
  case $code in 0) right=$((right + 1)) ;; 1 | 2) refused=$((refused + 1)) ;; *) wrong=$((wrong + 1)) ;; esac
  panicked && wrong=$((wrong + 1))
  litter torn && wrong=$((wrong + 1))
done
kill $writer; wait $writer 2>/dev/null
line 'files are written and vanish meanwhile (60)' "$right built, $refused refused, $wrong wrong" "$wrong"

# ---- Two builds at once, one of them ended -------------------------------
copy two
wrong=0
for round in $(seq 20); do
  sed -i "s/^footer = .*/footer = \"Round $round.\"/" "$work/two/content/site.toml"
  build two & first=$!
  build two & second=$!
  sleep "0.$((RANDOM % 8 + 1))"
  pkill -TERM -P $first 2>/dev/null
  wait $first 2>/dev/null
  wait $second || wrong=$((wrong + 1))
  build two || wrong=$((wrong + 1))
  litter two && wrong=$((wrong + 1))
  [[ $(find "$work/two/dist" -type f | wc -l) == "$files" ]] || wrong=$((wrong + 1))
  grep -q "Round $round\." "$work/two/dist/404/index.html" || wrong=$((wrong + 1))
done
line 'two builds, one gets SIGTERM (20)' "$wrong wrong" "$wrong"

# ---- Standard output ------------------------------------------------------
"$program" show 404 2>"$work/said" >/dev/full
code=$?
line 'standard output is full' "exit $code, $(head -c 90 "$work/said")" $((code != 2))
"$program" show --list 2>"$work/said" | head -n 1 >/dev/null
code=${PIPESTATUS[0]}
line 'the reader of a pipe goes away' "exit $code" "$code"
"$program" show 404 >&- 2>"$work/said"
code=$?
panicked; line 'standard output is closed' "exit $code" $((code > 2))

# ---- Surroundings ---------------------------------------------------------
copy bare
(cd "$work/bare" && env -i "$program" build) >"$work/said" 2>&1
code=$?
same bare/dist a/dist
line 'no environment, no HOME' "exit $code, the same bytes" $((code || $?))
(cd "$work/bare" && TMPDIR=/nonexistent "$program" build) >"$work/said" 2>&1
code=$?
line 'TMPDIR is nowhere' "exit $code" "$code"
mkdir "$work/gone"
(cd "$work/gone" && rmdir "$work/gone" && "$program" build) >"$work/said" 2>&1
code=$?
line 'the current folder was deleted' "exit $code, $(head -n 1 "$work/said" | cut -c 1-70)" $((code != 2))
if [[ $EUID -ne 0 ]]; then
  copy locked && chmod a-w "$work/locked"
  build locked
  code=$?
  chmod u+w "$work/locked"
  line 'the folder may not be written' "exit $code" $((code != 2))
else
  echo '(root may write everywhere: permissions were not tried; the tests mount a read-only disk)'
fi

# ---- Much of it -----------------------------------------------------------
measured() { # what, folder, kilobytes of address space
  local started=$SECONDS
  (cd "$work/$2" && ulimit -v "$3" && /usr/bin/time -f '%M' -o "$work/peak" "$program" build) >"$work/said" 2>&1
  local code=$?
  line "$1" "exit $code in $((SECONDS - started)) s, at most $(($(tail -n 1 "$work/peak") / 1024)) MB resident" "$code"
}
rm -rf "$work/a/dist"
measured 'the guide in 1 GB of memory' a 1048576
copy many
for n in $(seq 10000); do
  printf '+++\ntitle = "Page %d"\nsummary = "It is the page %d of very many."\nchecked = 2026-11-22\n+++\n\nSee [404] and [page-%d].\n\n## A part\n\nText of the part, *with* `code`.\n' \
    "$n" "$n" "$((n % 10000 + 1))" >"$work/many/content/pages/page-$n.md"
done
measured '10,000 more pages' many unlimited
measured '10,000 more pages, nothing changed' many unlimited
rm -rf "$work/many/dist"
measured '10,000 more pages in 1 GB of memory' many 1048576

exit $failed
