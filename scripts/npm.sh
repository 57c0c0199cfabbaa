#!/bin/sh
# npm in web/, with the Node of .venv: `scripts/npm.sh run dev`. `make dev` comes first.
set -eu
cd "$(dirname "$0")/.."
exec .venv/bin/python hatch_build.py npm "$@"
