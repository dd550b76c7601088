#!/bin/sh
# Writes what XNAT must know of its database into its home, at every start anew, and becomes the given command.
set -eu

: "${XNAT_HOME:?}" "${XNAT_DATASOURCE_URL:?}" "${XNAT_DATASOURCE_USERNAME:?}" "${XNAT_DATASOURCE_PASSWORD:?}"

fail() { echo "xnat-web: $*" >&2; exit 1; }

# XNAT does not start where plugins/ is missing.
mkdir -p "$XNAT_HOME/config/auth" "$XNAT_HOME/plugins" "$XNAT_HOME/logs" "$XNAT_HOME/work" \
  || fail "$XNAT_HOME cannot be written by $(id -u):$(id -g): its owner must be XNAT_UID:XNAT_GID (prepare.sh sees to it)"

value() { printf '%s' "$1" | sed 's/\\/\\\\/g'; }  # in a .properties file a backslash escapes

umask 077
cat >"$XNAT_HOME/config/xnat-conf.properties.new" <<EOF
datasource.driver=org.postgresql.Driver
datasource.url=$(value "$XNAT_DATASOURCE_URL")
datasource.username=$(value "$XNAT_DATASOURCE_USERNAME")
datasource.password=$(value "$XNAT_DATASOURCE_PASSWORD")
hibernate.dialect=org.hibernate.dialect.PostgreSQL9Dialect
hibernate.hbm2ddl.auto=update
hibernate.show_sql=false
hibernate.cache.use_second_level_cache=true
hibernate.cache.use_query_cache=true
spring.http.multipart.max-file-size=${XNAT_MAX_UPLOAD:-1073741824}
spring.http.multipart.max-request-size=${XNAT_MAX_UPLOAD:-1073741824}
EOF
mv -f "$XNAT_HOME/config/xnat-conf.properties.new" "$XNAT_HOME/config/xnat-conf.properties"
umask 022

CATALINA_OPTS="-Xms${XNAT_MIN_HEAP:-1g} -Xmx${XNAT_MAX_HEAP:-4g} -Dxnat.home=$XNAT_HOME ${CATALINA_OPTS:-}"
export CATALINA_OPTS
unset XNAT_DATASOURCE_PASSWORD
exec "$@"
