# Shared by ./reprise and ./build; sourced, for bash 3.2 and newer. Expects ROOT to be set.
# Everything it says goes to standard error.

REQUIRED_JAVA=25
REQUIRED_MAVEN_MINOR=8 # of Maven 3

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "reprise: $*"
  exit 1
}

# Prints the major version of the JDK in folder $1; nothing when it is none.
jdk_version() {
  local version
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release" 2>/dev/null | head -n 1)
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9][0-9]*\).*/\1/p' | head -n 1)
  fi
  printf '%s' "$version"
}

# Prints the file that $1 finally points to.
resolve_links() {
  local path=$1 target
  while [ -L "$path" ]; do
    target=$(readlink "$path")
    case $target in
      /*) path=$target ;;
      *) path=$(dirname "$path")/$target ;;
    esac
  done
  printf '%s/%s' "$(cd -P "$(dirname "$path")" && pwd)" "$(basename "$path")"
}

# Prints folders that may hold a JDK, one a line, the best first.
jdk_candidates() {
  local java folder
  [ -n "${JAVA_HOME:-}" ] && printf '%s\n' "$JAVA_HOME"
  if java=$(command -v java); then
    dirname "$(dirname "$(resolve_links "$java")")"
  fi
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v "$REQUIRED_JAVA+" 2>/dev/null
  fi
  for folder in ${REPRISE_JDK_FOLDERS:-/usr/lib/jvm /usr/java /opt /opt/java /usr/local "${HOME:-}/.sdkman/candidates/java" \
    "${HOME:-}/.jdks" "${HOME:-}/.jbang/cache/jdks" /Library/Java/JavaVirtualMachines "${HOME:-}/Library/Java/JavaVirtualMachines" \
    /opt/homebrew/opt /usr/local/opt}; do
    for folder in "$folder"/*; do
      [ -d "$folder" ] || continue
      printf '%s\n' "$folder" "$folder/Contents/Home" "$folder/libexec/openjdk.jdk/Contents/Home"
    done
  done
}

# Sets JDK, exported as JAVA_HOME, or explains what to install and ends.
find_jdk() {
  local candidate version seen=""
  if [ -n "${REPRISE_JAVA_HOME:-}" ]; then
    version=$(jdk_version "$REPRISE_JAVA_HOME")
    [ -n "$version" ] || fail "REPRISE_JAVA_HOME is $REPRISE_JAVA_HOME, which is not a JDK; point it to a JDK $REQUIRED_JAVA or newer"
    [ "$version" -ge "$REQUIRED_JAVA" ] \
      || fail "REPRISE_JAVA_HOME is $REPRISE_JAVA_HOME, which is Java $version; point it to a JDK $REQUIRED_JAVA or newer"
    JDK=$REPRISE_JAVA_HOME
    export JAVA_HOME=$JDK
    return
  fi
  while IFS= read -r candidate; do
    version=$(jdk_version "$candidate")
    if [ -n "$version" ] && [ "$version" -ge "$REQUIRED_JAVA" ]; then
      JDK=$candidate
      export JAVA_HOME=$JDK
      return
    fi
    [ -n "$version" ] && seen="$seen $version"
  done <<EOF
$(jdk_candidates)
EOF
  say "reprise: needs a JDK $REQUIRED_JAVA or newer; found ${seen:+only Java}${seen:-none}."
  say "  Debian, Ubuntu: sudo apt install openjdk-$REQUIRED_JAVA-jdk-headless (or temurin-$REQUIRED_JAVA-jdk from adoptium.net)"
  say "  Fedora:         sudo dnf install java-$REQUIRED_JAVA-openjdk-devel"
  say "  macOS:          brew install openjdk@$REQUIRED_JAVA"
  say "  anywhere:       unpack an archive from https://adoptium.net and set REPRISE_JAVA_HOME to its folder"
  exit 1
}

# Whether $1 is Maven 3.8 or newer. Runs it, so JAVA_HOME must be set.
is_maven() {
  local version major minor
  [ -x "$1" ] || return 1
  version=$("$1" -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] || return 1
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  [ "$major" -gt 3 ] || { [ "$major" -eq 3 ] && [ "$minor" -ge "$REQUIRED_MAVEN_MINOR" ]; }
}

# Sets MAVEN, or explains what to install and ends. MAVEN_OPTS stays as the user set it, with two warnings less.
find_maven() {
  local candidate
  for candidate in "$(command -v mvn)" "${MAVEN_HOME:-}/bin/mvn" ${REPRISE_MAVEN_FILES:-/usr/share/maven/bin/mvn \
    /opt/maven/bin/mvn /opt/apache-maven*/bin/mvn "${HOME:-}/.sdkman/candidates/maven/current/bin/mvn" \
    /opt/homebrew/bin/mvn /usr/local/bin/mvn}; do
    if is_maven "$candidate"; then
      MAVEN=$candidate
      export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
      return
    fi
  done
  say "reprise: needs Maven 3.$REQUIRED_MAVEN_MINOR or newer to build itself; none was found on PATH, at MAVEN_HOME or in the usual folders."
  say "  Debian, Ubuntu: sudo apt install maven      Fedora: sudo dnf install maven      macOS: brew install maven"
  say "  anywhere:       unpack an archive from https://maven.apache.org and put its bin folder on PATH"
  exit 1
}

# What the product runs with. The AOT cache is only accepted under the flags that it was made with.
JAVA_FLAGS=(
  --add-modules=jdk.incubator.vector
  --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow
  -XX:+UseSerialGC
  -Xlog:aot=off
  -Xlog:cds=off
)
TARGET=$ROOT/core/target
STAMP=$TARGET/reprise.stamp
AOT_CACHE=$TARGET/reprise.aot
STATE=$ROOT/.reprise
BUILD_LOG=$STATE/build.log

# Prints the class path: our jar, then the libraries in the order of their names.
class_path() {
  local jar path=$TARGET/reprise.jar
  for jar in "$TARGET"/lib/*.jar; do
    path=$path:$jar
  done
  printf '%s' "$path"
}

is_built() {
  [ -f "$STAMP" ] && [ -f "$TARGET/reprise.jar" ] && [ -d "$TARGET/lib" ] || return 1
  [ -z "$(find "$ROOT/pom.xml" "$ROOT/core/pom.xml" "$ROOT/core/src/main" -newer "$STAMP" -print 2>/dev/null | head -n 1)" ]
}

# The cache belongs to one jar and one JDK: the JDK's folder and version are noted beside it.
is_trained() {
  [ -f "$AOT_CACHE.for" ] && [ ! "$TARGET/reprise.jar" -nt "$AOT_CACHE.for" ] \
    && [ "$(cat "$AOT_CACHE.for")" = "$(training_key)" ]
}

training_key() { printf '%s %s' "$JDK" "$(cksum <"$JDK/release" 2>/dev/null)"; }

# One builder at a time; the others wait.
lock_build() {
  local holder said="" nameless=0
  mkdir -p "$STATE" 2>/dev/null && [ -w "$STATE" ] && [ -w "$ROOT/core" ] || fail "cannot build: $ROOT is not writable"
  until mkdir "$STATE/build.lock" 2>/dev/null; do
    holder=$(cat "$STATE/build.lock/pid" 2>/dev/null)
    [ -n "$holder" ] || nameless=$((nameless + 1))
    # A builder that was killed leaves its lock behind: its process is gone, or it never wrote its number.
    if [ "$nameless" -gt 5 ] || { [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; }; then
      nameless=0
      rm -rf "$STATE/build.lock"
      continue
    fi
    [ -n "$said" ] || say "Another build of Reprise is running; waiting for it…"
    said=yes
    sleep 1
  done
  printf '%s' $$ >"$STATE/build.lock/pid"
  trap 'rm -rf "$STATE/build.lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

unlock_build() {
  rm -rf "$STATE/build.lock"
  trap - EXIT INT TERM
}

# Shortens Maven's log to a few lines of progress.
show_progress() {
  local line downloads=0
  while IFS= read -r line; do
    case $line in
      *"Downloaded from"*)
        downloads=$((downloads + 1))
        [ $((downloads % 100)) -eq 0 ] && say "  $downloads files downloaded"
        ;;
      *"--- "*compiler*":compile "*) say "  compiling" ;;
      *"--- "*jar*":jar "*) say "  packing" ;;
    esac
  done
  return 0
}

# Builds the jar and its libraries if sources are newer, and the AOT cache if it is missing.
build_product() {
  is_built && { is_trained || [ ! -w "$TARGET" ]; } && return
  lock_build
  if ! is_built; then
    find_maven
    if [ -f "$STAMP" ]; then
      say "Building Reprise (sources changed)…"
    else
      say "Building Reprise (the first time downloads about 240 MB and takes about two minutes)…"
    fi
    touch "$STATE/build.started"
    if ! (
      set -o pipefail
      cd "$ROOT" && "$MAVEN" -B -pl core package -Dmaven.test.skip=true -Dspotless.check.skip=true 2>&1 \
        | tee "$BUILD_LOG" | show_progress
    ); then
      grep -E '^\[ERROR\]|^Error' "$BUILD_LOG" | grep -v -e 'Help 1' -e 're-run Maven' -e 'full debug' -e 'For more information' -e '^.ERROR. *$' | head -n 20 >&2
      fail "the build failed; the whole log is in $BUILD_LOG"
    fi
    mv "$STATE/build.started" "$STAMP"
  fi
  is_trained || train
  unlock_build
}

# Records a start, so that later ones are quicker. Without a cache everything works, only slower.
train() {
  say "  preparing quick starts"
  rm -f "$AOT_CACHE" "$AOT_CACHE.for"
  if ! CLASSPATH=$(class_path) ORT_DISABLE_TELEMETRY=1 "$JDK/bin/java" "${JAVA_FLAGS[@]}" -XX:AOTCacheOutput="$AOT_CACHE" -Dreprise.home="$ROOT" \
    dev.reprise.app.Main rehearse >"$STATE/training.log" 2>&1 </dev/null; then
    say "  (not possible here, see $STATE/training.log; starts take longer)"
  fi
  training_key >"$AOT_CACHE.for"
}
