#!/bin/sh
# Whether XNAT's web application answers. A site that nobody has set up is healthy, too.
address=http://127.0.0.1:8080/xapi/siteConfig/buildInfo
if command -v curl >/dev/null; then exec curl -fsS -o /dev/null "$address"; fi
exec wget -q -O /dev/null "$address"
