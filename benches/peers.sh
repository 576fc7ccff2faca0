#!/usr/bin/env bash
# Times whole builds of the guide, and of guides of any size, beside other site
# generators and the floor, which is to copy the finished site: benches/peers.sh
#
#   --sizes 'guide 1000 10000'   pages; `guide` is the real one
#   --tools 'ours hugo mdbook'   only these; else all that are on the PATH of
#                                hugo, zola, mdbook, cobalt and eleventy; `again`
#                                is ours over its last output, after one sentence
#   --runs 5                     of each, one after the other in turn
#   --most 60                    seconds; what takes longer is not run again
#   --dir /dev/shm/...           a folder for inputs and outputs, in memory:
#                                disks differ tenfold from run to run
#
# Everybody gets the same Markdown in the same frame, a page of the guide with
# its list of all codes, and minifies where it can: ours, Hugo and Zola do. Ours
# also checks, and writes every page as Markdown and the data too; its preview
# cards, zip, e-book and print are left out. Syntax highlighting, feeds, sitemaps
# and search are turned off.
#
# It needs cargo, GNU time and 3 GB of memory for 10,000 pages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sizes='guide 1000 10000' tools='' runs=5 most=60 dir=''
while (($#)); do
  case $1 in
    --sizes) sizes=$2 ;;
    --tools) tools=$2 ;;
    --runs) runs=$2 ;;
    --most) most=$2 ;;
    --dir) dir=$2 ;;
    *) printf 'peers.sh: what is %s? The head of the script lists its options.\n' "$1" >&2; exit 2 ;;
  esac
  shift 2
done
time=$(type -P time) && "$time" -f '' true 2>/dev/null \
  || { echo 'peers.sh: GNU time is missing; Debian calls the package: time' >&2; exit 2; }

if [[ -z $dir ]]; then
  dir=$(mktemp -d -p "$([[ -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
  trap 'rm -rf "$dir"' EXIT
fi
mkdir -p "$dir"

cargo build --release --locked --quiet --package status-guide --package status-guide-benches
target=${CARGO_TARGET_DIR:-target}/release
program=$(realpath "$target/status-guide") synthetic=$(realpath "$target/synthetic")

version() {
  case $1 in
    ours | again) "$program" --version ;;
    hugo) hugo version 2>/dev/null | grep -oE 'hugo v[0-9.]+' ;;
    eleventy) echo "eleventy $(eleventy --version)" ;;
    *) "$1" --version ;;
  esac
}

# What is asked for and there, each with its version.
found=''
for tool in ${tools:-ours again hugo zola mdbook cobalt eleventy}; do
  if [[ $tool == ours || $tool == again ]] || type -P "$tool" >/dev/null; then
    found+=" $tool"
    printf '%s\n' "$(version "$tool" | head -n 1)"
  else
    printf '%s is not on the PATH: left out\n' "$tool"
  fi
done
printf '%s processors, %s; %s\n\n' "$(nproc)" "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(uname -sr)"

# One build into $out, which does not exist, from what is in $in.
build() { # tool
  case $1 in
    ours | again) "$program" build --pages-only --content "$in/guide/content" --out "$out" ;;
    floor) cp -r "$in/built" "$out" ;;
    hugo) hugo --minify --source "$in/peers/hugo" --destination "$out" ;;
    zola) zola --root "$in/peers/zola" build --output-dir "$out" ;;
    mdbook) mdbook build "$in/peers/mdbook" --dest-dir "$out" ;;
    cobalt) cd "$in/peers/cobalt" && cobalt build --destination "$out" ;;
    eleventy) cd "$in/peers/eleventy" && eleventy --quiet --input=. --output="$out" ;;
  esac
}
# The same, and afterwards how many seconds it took, which time tells in
# hundredths only.
timed() { # tool
  local from=$EPOCHREALTIME to
  build "$1"
  to=$EPOCHREALTIME
  awk -v from="$from" -v to="$to" 'BEGIN { printf "%.4f\n", to - from }' >"$in/seconds"
}
export -f build timed
export program

# One of the columns of a tool's runs in order, and what is in the middle of it.
middle() { # file, column
  cut -d ' ' -f "$2" "$1" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

too_slow=''
echo '| pages | | seconds | least | times the floor | processor seconds | peak MB | HTML files |'
echo '|--:|---|--:|--:|--:|--:|--:|--:|'
for size in $sizes; do
  export in=$dir/$size out=$dir/out
  rm -rf "$in"
  mkdir -p "$in/results"
  if [[ $size == guide ]]; then
    mkdir "$in/guide" && cp -r content static "$in/guide"
  else
    "$synthetic" guide "$size" "$in/guide"
  fi
  "$program" build --pages-only --content "$in/guide/content" --out "$in/built" >/dev/null
  "$synthetic" peers "$in/built" "$in/peers"
  pages=$(find "$in/guide/content" -name '*.md' | wc -l)
  for ((run = 0; run < runs; run++)); do
    for tool in floor $found; do
      [[ " $too_slow " == *" $tool "* ]] && continue
      rm -rf "$out" "$in/peers/hugo/.hugo_build.lock"
      if [[ $tool == again ]]; then
        cp -a "$in/built" "$out"
        cp "$in/guide/content/pages/about.md" "$in/about.md"
        echo 'One more sentence.' >>"$in/guide/content/pages/about.md"
      fi
      if timeout "$most" "$time" -f '%U %S %M' -o "$in/time" bash -ec "timed $tool" >"$in/output" 2>&1; then
        printf '%s %s\n' "$(cat "$in/seconds")" "$(tail -n 1 "$in/time")" >>"$in/results/$tool"
        find "$out" -name '*.html' | wc -l >"$in/results/$tool.files"
      elif [[ $? == 124 ]]; then
        too_slow+=" $tool"
      else
        printf '%s failed:\n' "$tool" >&2
        tail -n 20 "$in/output" >&2
        too_slow+=" $tool"
      fi
      if [[ $tool == again ]]; then
        mv "$in/about.md" "$in/guide/content/pages/about.md"
      fi
    done
  done
  for tool in floor $found; do
    results=$in/results/$tool
    if [[ ! -s $results ]]; then
      printf '| %s | %s | more than %s | | | | | |\n' "$pages" "$tool" "$most"
      continue
    fi
    awk -v pages="$pages" -v tool="$tool" -v floor="$(middle "$in/results/floor" 1)" \
      -v wall="$(middle "$results" 1)" -v least="$(cut -d ' ' -f 1 "$results" | sort -g | head -n 1)" \
      -v user="$(middle "$results" 2)" -v sys="$(middle "$results" 3)" -v memory="$(middle "$results" 4)" \
      -v files="$(cat "$results.files")" 'BEGIN {
        printf "| %d | %s | %.3f | %.3f | %.1f | %.2f | %d | %d |\n",
          pages, tool, wall, least, floor ? wall / floor : 0, user + sys, memory * 1.024 / 1000, files
      }'
  done
  rm -rf "$in" "$out"
done
