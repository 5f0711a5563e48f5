#!/usr/bin/env bash
# What only a GPU can show, as one table.
#
#   cuda/check.sh                     builds, and checks here
#   cuda/check.sh bundle FILE.tar.xz  builds what a bare Linux machine with a GPU needs (no Java, no Maven there), about
#                                     50 MB: copy it, unpack it, run bundle/check.sh
#
# Variables: GRAMLOOM_CUDA_PATH, folders to look for libraries in first; PEER, a script that prints PyTorch's times for
# "--device cuda"; SIZES, of VGG-19 in pixels a side (192 384 768); EMULATED, an order of threads where the driver is
# the emulated one (cuda/emulation); JAVA_HOME, for building. Ends with 0 if all that ran has passed, 1 if something
# failed, 69 if nothing ran: no CUDA device.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
console=org.junit.platform:junit-platform-console-standalone:1.14.4

# Makes the folder $1: a small Java, the jar, the tests and what they need.
make_bundle() {
  local root=$1/bundle home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
  cd "$here/.." || exit
  ./mvnw -B -ntp -q package -DskipTests || exit
  rm -rf "$root"
  mkdir -p "$root/lib" || exit 73
  ./mvnw -B -ntp -q dependency:copy-dependencies -DincludeScope=test -DoutputDirectory="$root/lib" \
    -DexcludeClassifiers=natives-windows,natives-windows-arm64,natives-macos,natives-macos-arm64,natives-linux-arm64 &&
    ./mvnw -B -ntp -q dependency:copy -Dartifact=$console -DoutputDirectory="$root/lib" || exit
  "$home/bin/jlink" --strip-debug --no-header-files --no-man-pages --output "$root/jre" \
    --add-modules java.base,java.desktop,java.logging,java.management,java.net.http,jdk.httpserver,jdk.incubator.vector,jdk.unsupported,jdk.zipfs || exit
  rm -f "$root/jre/lib/server/"*.jsa
  mkdir "$root/java" && ln -s ../tests "$root/java/test" || exit 73 # where tests look for their files
  mkdir "$root/textures" && cp target/gramloom.jar cuda/check.sh "$root/" &&
    cp -r target/test-classes "$root/tests" && cp textures/pebbles.png "$root/textures/" || exit 73
}

rows=()
failed=0
row() { rows+=("$(printf '%-44s %-10s %s' "$1" "$2" "$3")"); }

# Runs a check named $1: its last line of output goes into the table.
check() {
  local name=$1 said code
  shift
  said=$("$@" 2>&1)
  code=$?
  printf '%s\n' "$said" >>"$log"
  if [ $code = 0 ]; then
    row "$name" passed "$(printf '%s' "$said" | tail -n 1)"
  else
    row "$name" FAILED "exit code $code, see $log"
    failed=1
  fi
}

gramloom() {
  "$here/jre/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -jar "$here/gramloom.jar" "$@"
}

# JUnit's tests with tag $1, the classes found in the bundle.
tests() {
  "$here/jre/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    ${EMULATED:+-Dgramloom.emulated="$EMULATED"} -cp "$here/tests:$here/gramloom.jar:$here/lib/*" org.junit.platform.console.ConsoleLauncher execute \
    --scan-classpath "$here/tests" --include-tag "$1" --exclude-tag slow --details summary --disable-banner >"$work/tests" 2>&1
  local code=$?
  cat "$work/tests"
  printf '%s passed, %s failed, %s not run\n' "$(count successful)" "$(count failed)" \
    "$(($(count skipped) + $(count aborted)))"
  return $code
}

count() { sed -n "s/^\[ *\([0-9][0-9]*\) tests $1 *\]$/\1/p" "$work/tests"; }

# A run on the GPU and one on the CPU: losses of the first 20 iterations within 1e-3.
same_losses() {
  local backend
  for backend in cuda cpu; do
    gramloom synth "$here/textures/pebbles.png" --network filters --scales 64,128 --iterations 10,10 --precision fp32 --backend $backend \
      -o "$work/$backend.png" --quiet --no-preview || return
  done
  python3 - "$work" <<'PYTHON'
import json, sys
a, b = ([l for s in json.load(open(f"{sys.argv[1]}/{n}.run.json"))["scales"] for l in s["losses"]][:20] for n in ("cuda", "cpu"))
worst = max(abs(x - y) / y for x, y in zip(a, b))
print(f"{len(a)} losses within {worst:.1e} of the CPU's")
sys.exit(0 if len(a) == len(b) and worst <= 1e-3 else 1)
PYTHON
}

sanitized() {
  compute-sanitizer --tool "$1" --error-exitcode 9 --target-processes all "$here/jre/bin/java" --add-modules jdk.incubator.vector \
    --enable-native-access=ALL-UNNAMED -jar "$here/gramloom.jar" synth "$here/textures/pebbles.png" --network filters --size 48 \
    --iterations 1 --backend cuda -o "$work/sanitized.png" --quiet --no-preview || return
  echo 'no errors'
}

# Milliseconds of one evaluation of VGG-19 with its gradient.
bench() {
  gramloom bench --backend cuda --network random-vgg19 --size "$1" --json >"$work/bench" || return
  cat "$work/bench"
  python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); print(json.dumps({k: v for k, v in d.items() if "second" in k or "flop" in k}))' "$work/bench"
}

if [ ! -d "$here/jre" ]; then
  if [ "${1:-}" = bundle ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    (make_bundle "$folder") && tar -caf "${2:?a file to write}" -C "$folder" bundle && ls -l "$2"
    exit
  fi
  (make_bundle "$here/../target/check") && exec "$here/../target/check/bundle/check.sh"
  exit
fi

cd "$here" || exit
log=$here/check.log
: >"$log"
device=$(gramloom backends 2>>"$log" | grep '^cuda')
case $device in
  'cuda       no'*)
    echo "not run: no CUDA device: ${device#cuda       no    }"
    exit 69
    ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check 'each verb, whole runs and failures' tests gpu
check 'networks, losses and optimisers' tests backends
check 'losses beside the CPU' same_losses
for tool in memcheck racecheck initcheck; do
  if command -v compute-sanitizer >/dev/null; then
    check "compute-sanitizer $tool" sanitized $tool
  else
    row "compute-sanitizer $tool" 'not run' 'no compute-sanitizer'
  fi
done
for size in ${SIZES:-192 384 768}; do
  check "VGG-19 at $size x $size, forward and backward" bench $size
done
if [ -n "${PEER:-}" ]; then
  check 'PyTorch, the same' python3 "$PEER" --device cuda
else
  row 'PyTorch, the same' 'not run' 'PEER names no script'
fi
echo "device: ${device#cuda       *  }"
printf '%s\n' "${rows[@]}"
exit $failed
