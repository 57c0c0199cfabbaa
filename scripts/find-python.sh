#!/bin/sh
# Prints the command of a Python 3.11 or newer that can make virtual environments; $PYTHON goes first and alone when set.
set -u

probe='import sys
if sys.version_info < (3, 11): sys.exit(1)
import ensurepip, venv
print(sys.executable)'

for python in ${PYTHON:+"$PYTHON"} ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
  # A pyenv shim can be on PATH and still fail: only one that runs counts.
  if found=$("$python" -c "$probe" 2>/dev/null); then
    printf '%s\n' "$found"
    exit 0
  fi
done

if [ -n "${PYTHON:-}" ]; then
  echo "PYTHON=$PYTHON is no Python 3.11 or newer with the venv module." >&2
else
  echo "Python 3.11 or newer with the venv module is needed (Debian, Ubuntu: python3-venv); name it with 'make PYTHON=…'." >&2
fi
exit 1
