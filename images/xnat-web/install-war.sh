#!/bin/sh
# install-war.sh WAR SHA256 FOLDER: unpacks XNAT's war, proved by its hash, into a folder that is not there yet.
# WAR is an address, or the name of a file that lies in war/ beside this script.
set -eu
war=$1 sha256=$2 folder=$3
beside=$(cd "$(dirname "$0")" && pwd)/war

fail() { echo "install-war: $*" >&2; exit 1; }

[ -n "$sha256" ] || fail "no SHA-256 of $war is given: set WAR_SHA256 (XNAT's makers publish none: compute it once)"

# Which Java an XNAT needs: the wrong one is found out here, and not by a site that answers 404.
major=$(java -version 2>&1 | sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1)
case "$war" in
  *xnat-web-1.8.*|*xnat-web-1.9.*) needs=8 ;;
  *xnat-web-1.10.*) needs=21 ;;
  *) needs=$major ;;
esac
[ "$major" = "$needs" ] || fail "$war needs Java $needs, and BASE_IMAGE has Java ${major:-of no known version}"

case "$war" in
  *://*)
    place=/tmp/xnat.war
    if command -v curl >/dev/null; then curl -fsSL --retry 3 -o "$place" "$war"
    else wget -q -O "$place" "$war"; fi || fail "$war cannot be fetched" ;;
  *)
    place=$beside/$war
    [ -f "$place" ] || fail "there is no $war in images/xnat-web/war/" ;;
esac

found=$(sha256sum "$place" | cut -d ' ' -f 1)
[ "$found" = "$sha256" ] || fail "$war has the SHA-256 $found, and $sha256 is wanted"

mkdir -p "$folder"
cd "$folder"
if command -v jar >/dev/null; then jar xf "$place"; else unzip -q "$place"; fi
[ -d WEB-INF ] || fail "$war is no web application: there is no WEB-INF in it"
