#!/usr/bin/env bash
# Makes the three lock files from pyproject.toml: versions and hashes, no index address, for every platform.
#
#   scripts/lock.sh            write them; pins that still fit are kept
#   scripts/lock.sh --upgrade  write them with the newest versions
#   scripts/lock.sh --check    write nothing; fail when a lock does not match pyproject.toml
#
# requirements.lock        what `mxm` needs to run
# requirements-dev.lock    the same versions, and the tools of the dev group
# requirements-build.lock  what builds the wheel, the web app in it included
#
# Needs the package index. Uses .venv/bin/uv, else uv from PATH, else $UV.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=${UV:-}
if [ -z "$uv" ]; then
  if [ -x .venv/bin/uv ]; then uv=.venv/bin/uv; else uv=uv; fi
fi
command -v "$uv" >/dev/null || { echo "lock.sh: uv is missing; run 'make dev' first" >&2; exit 1; }

mode='write'
upgrade=()
case "${1:-}" in
  '') ;;
  --check) mode='check' ;;
  --upgrade) upgrade=(--upgrade) ;;
  *) echo "usage: scripts/lock.sh [--check | --upgrade]" >&2; exit 2 ;;
esac

# A wheel that lies on this machine only must not decide a version or leave its path in a lock.
unset UV_FIND_LINKS PIP_FIND_LINKS UV_CONSTRAINT UV_OVERRIDE UV_EXCLUDE_NEWER

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
locks="requirements.lock requirements-dev.lock requirements-build.lock"
for lock in $locks; do
  if [ -f "$lock" ]; then cp "$lock" "$work/$lock"; fi # uv keeps the pins it finds in its output file
done

compile() { # compile OUTPUT INPUT [option…]
  local output=$1 input=$2
  shift 2
  "$uv" pip compile "$input" --output-file "$work/$output" "$@" ${upgrade[@]+"${upgrade[@]}"} \
    --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header >/dev/null
}

compile requirements.lock pyproject.toml
compile requirements-dev.lock pyproject.toml --group dev --constraints "$work/requirements.lock"
printf 'editables\nhatchling\nnodejs-wheel-binaries\n' >"$work/build.in"
compile requirements-build.lock "$work/build.in" --constraints "$work/requirements-dev.lock"

failed=0
for lock in $locks; do
  if grep -nE '://|^[[:space:]]*(-|/|\./)[^-]|@ |--(index|extra|find)' "$work/$lock" >&2; then
    echo "lock.sh: $lock would hold an address or a path" >&2
    exit 1
  fi
  if [ "$mode" = write ]; then
    cp "$work/$lock" "$lock"
  elif ! diff -u "$lock" "$work/$lock" >"$work/diff" 2>&1; then
    head -n 20 "$work/diff" >&2
    echo "lock.sh: $lock is stale; run 'make lock'" >&2
    failed=1
  fi
done
[ "$failed" = 0 ] || exit 1
if [ "$mode" = check ]; then echo "The locks match pyproject.toml."; else echo "Wrote: $locks"; fi
