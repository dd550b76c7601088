#!/bin/sh
# prepare.sh OWNER FOLDER...: folders that the engine made belong to root; XNAT does not run as root. Runs once, as root.
set -eu
owner=$1
shift
for folder in "$@"; do
  mkdir -p "$folder"
  [ "$(stat -c %u:%g "$folder")" = "$owner" ] || chown "$owner" "$folder"
done
