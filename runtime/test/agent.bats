#!/usr/bin/env bats
# What finds the Java of an agent in a guest, run here, where there is no disk of the runtime's.
# shellcheck disable=SC2016,SC2030,SC2031

setup() {
  find_java=$BATS_TEST_DIRNAME/../../src/main/resources/io/jenkins/plugins/virtainers/engine/agent/find-java.sh
  tools=$BATS_TEST_TMPDIR/tools
  mkdir "$tools"
  local tool
  for tool in sh readlink sed cat id uname mkdir; do ln -s "$(command -v "$tool")" "$tools/$tool"; done
}

# make_java VERSION [RELEASE]: a Java that says so, and whose files say RELEASE.
make_java() {
  local home=$BATS_TEST_TMPDIR/jvm/$1
  mkdir -p "$home/bin"
  printf '#!/bin/sh\necho started >>"%s/started"\necho "openjdk version \\"%s\\" 2020-01-01" >&2\n' "$BATS_TEST_TMPDIR" "$1" >"$home/bin/java"
  chmod +x "$home/bin/java"
  if [ -n "${2-}" ]; then printf 'IMPLEMENTOR="x"\nJAVA_VERSION="%s"\n' "$2" >"$home/release"; fi
  ln -sf "$home/bin/java" "$tools/java"
}

search() {
  run env -i "PATH=$tools" sh "$find_java" "$1"
  echo "$output"
}

@test "the guest's own Java is taken when it is new enough, without being started" {
  make_java 17.0.9 17.0.9
  search 17
  [ "$status" -eq 0 ]
  [ "$output" = "$tools/java" ]
  [ ! -e "$BATS_TEST_TMPDIR/started" ]
}

@test "one whose files do not tell is asked" {
  make_java 21
  search 17
  [ "$output" = "$tools/java" ]
  make_java 1.8.0_392
  search 17
  [ "$status" -eq 1 ]
  search 8
  [ "$output" = "$tools/java" ]
}

@test "one that is older, and none, are a sentence where there is no disk" {
  make_java 1.8.0_392 1.8.0_392
  search 17
  [ "$status" -eq 1 ]
  [ "$output" = 'its own is older than 17, and its runtime image was built without one for agents' ]
  rm "$tools/java"
  search 17
  [ "$status" -eq 1 ]
  [ "$output" = 'it has none of its own, and its runtime image was built without one for agents' ]
}

# on_a_disk FILE: as search 17, where FILE is the Java of a disk that is mounted.
on_a_disk() {
  chmod +x "$1"
  run unshare --mount sh -c 'mount -t tmpfs none /run && mkdir -p /run/virtainers-disk/java/gnu/bin && cp "$1" /run/virtainers-disk/java/gnu/bin/java &&
    exec env -i "PATH=$2" sh "$3" 17' sh "$1" "$tools" "$find_java"
  echo "$output"
}

@test "a Java of another processor or C library, or a damaged one, is a sentence" {
  local java=$BATS_TEST_TMPDIR/java why
  why="it has none of its own, and the one for agents does not run on its $(uname -m) and C library"
  # As on musl, which has no such loader.
  sed 's/ld-linux/ld-absnt/' "$(readlink -f /bin/true)" >"$java"
  on_a_disk "$java"
  [ "$status" -eq 1 ]
  [ "$output" = "$why" ]
  # An ELF header of no processor that there is (e_machine 0).
  { head -c 18 /bin/true && printf '\0\0' && tail -c +21 /bin/true; } >"$java"
  on_a_disk "$java"
  [ "$output" = "$why" ]
  head -c 4096 /dev/urandom >"$java"
  on_a_disk "$java"
  [ "$output" = "$why" ]
  printf '#!/bin/sh\n' >"$java"
  on_a_disk "$java"
  [ "$output" = /run/virtainers-disk/java/gnu/bin/java ]
}

@test "a JDK for the disk that does not fit is a sentence" {
  local agent_disk=$BATS_TEST_DIRNAME/../../images/agent-disk jdk=$BATS_TEST_TMPDIR/jdk
  run env VIRTAINERS_AGENT_JDK="$jdk" "$agent_disk" id
  [ "$status" -eq 65 ]
  [[ $output == *"VIRTAINERS_AGENT_JDK is \"$jdk\", and there is no JDK"* ]]
  mkdir -p "$jdk/bin" "$jdk/lib/server"
  printf '#!/bin/sh\n' >"$jdk/bin/jlink"
  chmod +x "$jdk/bin/jlink"
  echo 'JAVA_VERSION="17.0.1"' >"$jdk/release"
  run env VIRTAINERS_AGENT_JDK="$jdk" "$agent_disk" make "$BATS_TEST_TMPDIR/agent.iso"
  [ "$status" -eq 65 ]
  [[ $output == *"the JDK in $jdk cannot be used: it is Java 17, and agents need 21" ]]
  echo 'JAVA_VERSION="25.0.1"' >"$jdk/release"
  echo GLIBC_2.34 >"$jdk/lib/server/libjvm.so"
  run env VIRTAINERS_AGENT_JDK="$jdk" "$agent_disk" make "$BATS_TEST_TMPDIR/agent.iso"
  [ "$status" -eq 65 ]
  [[ $output == *'cannot be used: it needs GLIBC_2.34, and old guests have GLIBC_2.17' ]]
  [ ! -e "$BATS_TEST_TMPDIR/agent.iso" ]
  [ "$(VIRTAINERS_AGENT_JDK=none "$agent_disk" id)" = none ]
  VIRTAINERS_AGENT_JDK='' "$agent_disk" id | grep -qxE '[0-9a-f]{32}'
}
