#!/bin/sh
# Brings .venv up to date: `scripts/venv.sh runtime` (enough to run mxm) or `scripts/venv.sh dev` (and all tools).
#
# A stamp holds the checksums of what was installed, so a second run is a comparison. A .venv without a stamp, with a
# Python that does not run, or moved to another folder is made anew. The web app is brought up to date each time: that
# is a comparison as well.
set -eu
cd "$(dirname "$0")/.."

kind=${1:?usage: scripts/venv.sh runtime|dev}
python=.venv/bin/python

sums() { # what the kind $1 is made from
  case $1 in
    runtime) cksum pyproject.toml requirements.lock requirements-build.lock ;;
    dev) cksum pyproject.toml requirements-dev.lock ;;
  esac
}

fresh() { # is the kind $1 installed as the files say?
  [ -f ".venv/stamp-$1" ] && [ "$(sums "$1")" = "$(cat ".venv/stamp-$1")" ]
}

whole() { # the packages of its last install are there, it was made in this folder, and its Python runs
  ls .venv/stamp-* >/dev/null 2>&1 && [ "$(cat .venv/made-in 2>/dev/null)" = "$(pwd)" ] && "$python" -c '' 2>/dev/null
}

pip() {
  "$python" -m pip -qq --disable-pip-version-check --no-input "$@"
}

if whole; then
  if fresh dev || { [ "$kind" = runtime ] && fresh runtime; }; then exec "$python" hatch_build.py; fi
else
  found=$(PYTHON="${PYTHON:-}" sh scripts/find-python.sh)
  echo "Making .venv with $("$found" --version) …" >&2
  rm -rf .venv
  "$found" -m venv .venv
  pwd >.venv/made-in
fi

case $kind in
  runtime) locks="-r requirements.lock -r requirements-build.lock" ;;
  dev) locks="-r requirements-dev.lock" ;;
  *) echo "usage: scripts/venv.sh runtime|dev" >&2; exit 2 ;;
esac
echo "Installing the $kind packages …" >&2
rm -f .venv/stamp-*
# shellcheck disable=SC2086 # two words of options each
pip install --require-hashes $locks
touch .venv/stamp-packages # should the web app not be made: what was installed by now is whole
"$python" hatch_build.py   # pip would build it silently
pip install --no-deps --no-build-isolation --editable .
sums "$kind" >".venv/stamp-$kind"
