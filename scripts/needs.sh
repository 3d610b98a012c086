# What ./run, ./test and ./bench need on the machine; they source this file.

readonly SDK_HINT='the .NET 10 SDK is missing. Install it: https://dotnet.microsoft.com/download/dotnet/10.0
     (Ubuntu: sudo apt-get install dotnet-sdk-10.0; macOS: brew install --cask dotnet-sdk)'
readonly POSTGRES_PACKAGES=(postgresql postgresql-contrib)
readonly POSTGRES_HINT="PostgreSQL is missing. Debian, Ubuntu: apt-get install ${POSTGRES_PACKAGES[*]}"

has_sdk() {
  command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'
}

# Debian keeps initdb out of PATH, and pgbench in it.
has_postgres() {
  { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; } &&
    command -v pgbench >/dev/null
}

# Where apt-get and the rights to use it are there; answers whether PostgreSQL is there now.
install_postgres() {
  local as_root=(env) log
  [[ $(id -u) == 0 ]] || as_root=(sudo -n)
  if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
    echo "== installing ${POSTGRES_PACKAGES[*]}"
    log=$("${as_root[@]}" apt-get update -qq 2>&1 &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${POSTGRES_PACKAGES[@]}" 2>&1) ||
      tail -n 5 <<<"$log" >&2
  fi
  has_postgres
}

# is_whole TEXT MIN MAX
is_whole() {
  [[ $1 =~ ^[0-9]{1,4}$ ]] && ((10#$1 >= $2 && 10#$1 <= $3))
}
