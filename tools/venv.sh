#!/bin/sh
# Make a virtual environment: venv.sh FOLDER PINS [pip arguments …]
set -eu
folder=$1 pins=$2
shift 2
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$PYTHON is not Python 3.11 or newer: install it, or name it with make PYTHON=…" >&2
    exit 1
fi
echo "setting up $folder (once, about a minute)" >&2
"$PYTHON" -m venv "$folder"
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$folder/bin/pip" install --quiet --constraint "$pins" pip
"$folder/bin/pip" install --quiet --constraint "$pins" "$@"
