#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image of the autograder.  What the zip
# holds lies in /autograder/source by then.
set -euo pipefail

AUTOGRADER_ROOT=${AUTOGRADER_ROOT:-/autograder}
source=$AUTOGRADER_ROOT/source

# Python 3.11 or later is needed.  Choose the newest Ubuntu that Gradescope offers as base image; on
# older ones the first of these packages that there is gets installed.
apt-get update
apt-get install --yes --no-install-recommends python3 python3-venv libseccomp2
new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}
python=python3
for version in 3.13 3.12 3.11; do
  if new_enough "$python"; then
    break
  fi
  if apt-get install --yes --no-install-recommends "python$version" "python$version-venv"; then
    python=python$version
  fi
done
if ! new_enough "$python"; then
  echo "There is no Python 3.11 or later here; choose a newer Ubuntu as the base image." >&2
  exit 1
fi

# The tool, in the versions of its libraries that the zip was made with.  torch comes with gigabytes
# for graphics cards unless PIP_EXTRA_INDEX_URL names PyTorch's builds for the CPU.
"$python" -m venv "$AUTOGRADER_ROOT/venv"
"$AUTOGRADER_ROOT/venv/bin/pip" install --constraint "$source/constraints.txt" "$source/tool"

# The reference is in here.  Nobody but root needs to read it.
chmod -R go-rwx "$source"
"$AUTOGRADER_ROOT/venv/bin/grader" doctor ||
  echo "Look at the mechanisms above: submissions cannot be graded safely in this image." >&2
