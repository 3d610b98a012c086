# What ./run, ./test and ./bench need on the machine; they source this file.

readonly SDK_HINT='the .NET 10 SDK is missing. Install it: https://dotnet.microsoft.com/download/dotnet/10.0
     (Ubuntu: sudo apt-get install dotnet-sdk-10.0; macOS: brew install --cask dotnet-sdk)'
has_sdk() {
  command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'
}

# Debian keeps initdb out of PATH, and pgbench in it.
has_postgres() {
  { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; } &&
    command -v pgbench >/dev/null
}

has_redis() {
  command -v redis-server >/dev/null
}

# Not Debian's own rabbitmq-server in PATH: that one is for root only, and for the one broker of the machine.
has_rabbitmq() {
  { [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] || command -v rabbitmq-server >/dev/null; } &&
    command -v epmd >/dev/null
}

# What tests hold our own codes and hashes against.
has_oathtool() {
  command -v oathtool >/dev/null
}

has_htpasswd() {
  command -v htpasswd >/dev/null
}

# What reads our tickets as a door does: from the page, by the picture.
has_poppler() {
  command -v pdftoppm >/dev/null && command -v pdftotext >/dev/null
}

has_zbar() {
  command -v zbarimg >/dev/null
}

# The other side of the tests that compare us with programs in JavaScript.
has_node() {
  command -v npm >/dev/null && [[ $(node --version 2>/dev/null) =~ ^v([0-9]+) ]] && ((BASH_REMATCH[1] >= 18))
}

# What JavaScript needs besides: in a folder that git ignores, in the versions of its lock file.
readonly JOSE=tests/EndToEnd.Tests/Jose
has_jose() {
  [[ $JOSE/node_modules/.package-lock.json -nt $JOSE/package-lock.json ]]
}

install_jose() {
  local log
  { has_jose || ! has_node; } && return 0
  echo "== installing jose"
  log=$(npm ci --prefix "$JOSE" --no-audit --no-fund --no-progress 2>&1) || tail -n 5 <<<"$log" >&2
}

# What ./bench gateway measures beside ours, and with what; Debian keeps the first two where only root looks.
has_nginx() {
  PATH=$PATH:/usr/sbin command -v nginx >/dev/null
}

has_haproxy() {
  PATH=$PATH:/usr/sbin command -v haproxy >/dev/null
}

has_caddy() {
  command -v caddy >/dev/null
}

has_wrk() {
  command -v wrk >/dev/null
}

# packages_of ENGINE: what Debian and Ubuntu call it
packages_of() {
  case $1 in
    postgres) echo postgresql postgresql-contrib ;;
    redis) echo redis-server ;;
    rabbitmq) echo rabbitmq-server ;;
    node) echo nodejs npm ;;
    oathtool) echo oathtool ;;
    htpasswd) echo apache2-utils ;;
    poppler) echo poppler-utils ;;
    zbar) echo zbar-tools ;;
    nginx) echo nginx-light ;;
    haproxy | caddy | wrk) echo "$1" ;;
  esac
}

# missing_of ENGINE…: those that are not there
missing_of() {
  local engine
  for engine in "$@"; do
    "has_$engine" || echo "$engine"
  done
}

# hint_of ENGINE: for a person
hint_of() {
  local name
  case $1 in
    jose)
      echo "npm's jose is missing. Anywhere: npm ci --prefix $JOSE"
      return
      ;;
    node) name='Node.js 18 with npm' ;;
    postgres) name=PostgreSQL ;;
    redis) name=Redis ;;
    rabbitmq) name=RabbitMQ ;;
    *) name=$1 ;;
  esac
  echo "$name is missing. Debian, Ubuntu: apt-get install $(packages_of "$1")"
}

# install ENGINE…: those that are missing in one go, where apt-get and the rights to use it are there. Debian starts a
# server when it is installed, and at each boot; tests start private ones, so a service that comes new with this stays
# off ('systemctl enable --now redis-server' turns one on). A service that was there before is left as it was.
install() {
  local as_root=(env) engine packages='' unit fresh='' log
  local policy=/usr/sbin/policy-rc.d ours=no
  [[ $(id -u) == 0 ]] || as_root=(sudo -n)
  for engine in $(missing_of "$@"); do
    packages+=" $(packages_of "$engine")"
  done
  [[ -n $packages ]] && command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null || return 0

  for unit in postgresql redis-server rabbitmq-server epmd nginx haproxy; do
    [[ -e /lib/systemd/system/$unit.service ]] || fresh+=" $unit"
  done
  if [[ -n $fresh && ! -e $policy ]]; then
    ours=yes
    policy_against "$fresh" | "${as_root[@]}" sh -c "cat >$policy && chmod 755 $policy"
  fi

  echo "== installing$packages"
  # shellcheck disable=SC2086 # the packages are words
  log=$("${as_root[@]}" apt-get update -qq 2>&1 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages 2>&1) ||
    tail -n 5 <<<"$log" >&2

  [[ $ours == no ]] || "${as_root[@]}" rm -f "$policy"
  for unit in $fresh; do
    if [[ -d /run/systemd/system && -e /lib/systemd/system/$unit.service ]]; then
      "${as_root[@]}" systemctl disable --now --quiet "$unit.service" 2>/dev/null || true
    fi
  done
}

# policy_against UNITS: the script that Debian asks whether it may start a service. Should it be left behind, it
# forbids nothing, for this shell is gone then.
policy_against() {
  local unit
  echo '#!/bin/sh'
  echo '# Of a ./test or ./bench that installs something; may be deleted.'
  for unit in $1; do
    echo "case \$1 in $unit | $unit.* | $unit@*) kill -0 $$ 2>/dev/null && exit 101 ;; esac"
  done
  echo 'exit 0'
}

# is_whole TEXT MIN MAX
is_whole() {
  [[ $1 =~ ^[0-9]{1,7}$ ]] && ((10#$1 >= $2 && 10#$1 <= $3))
}
