#!/usr/bin/env bats
# "virtainer jenkins": its sample is built on a real guest, and nothing of it is left. Needs a container engine with
# virtainers/debian:12, and a Jenkins where CONTRIBUTING.md says.
# shellcheck disable=SC2030,SC2031

setup_file() {
  export jenkins=${VIRTAINERS_JENKINS:-$HOME/.cache/virtainers/jenkins}
  [ -r "$jenkins/jenkins.war" ] || skip "VIRTAINER JENKINS: SKIPPED, THERE IS NO jenkins.war IN $jenkins"
  homes >"$BATS_FILE_TMPDIR/homes"
  "$BATS_TEST_DIRNAME/../../virtainer" jenkins >"$BATS_FILE_TMPDIR/said" 2>"$BATS_FILE_TMPDIR/errors" 3>&- &
  echo $! >"$BATS_FILE_TMPDIR/pid"
  local deadline=$((SECONDS + 400))
  until grep -q '^password: ' "$BATS_FILE_TMPDIR/said"; do
    if ((SECONDS > deadline)) || ! kill -0 "$(cat "$BATS_FILE_TMPDIR/pid")"; then
      cat "$BATS_FILE_TMPDIR"/{said,errors}
      return 1
    fi
    sleep 1
  done
  url=$(head -n 1 "$BATS_FILE_TMPDIR/said")
  login=admin:$(sed -n 's/^password: //p' "$BATS_FILE_TMPDIR/said")
  cookies=$BATS_FILE_TMPDIR/cookies
  export url login cookies
}

teardown() {
  [ -z "${inside-}" ] || docker rm -f -v "$inside" >/dev/null
}

teardown_file() {
  [ ! -e "$BATS_FILE_TMPDIR/pid" ] || kill "$(cat "$BATS_FILE_TMPDIR/pid")" 2>/dev/null || :
}

# homes: folders of such a Jenkins.
homes() {
  find /tmp -maxdepth 1 -name 'virtainers-jenkins*' | sort
}

# ask PATH OPTION…: of Jenkins, with the cookies of one session; from in its container, where it has one.
ask() {
  local path=$1
  shift
  ${inside:+docker exec -i "$inside"} curl -sSf -u "$login" -b "$cookies" -c "$cookies" "$@" "$url$path"
}

post() {
  ask "$@" -X POST -H "Jenkins-Crumb: $(ask crumbIssuer/api/json | sed -nE 's/.*"crumb":"([^"]*)".*/\1/p')"
}

# build: has the sample built once more.
build() {
  post job/sample/build
}

# is_built_well JOB: within seven minutes; prints what the build said.
is_built_well() {
  local deadline=$((SECONDS + 400)) result=
  until [ -n "$result" ]; do
    ((SECONDS < deadline))
    sleep 2
    result=$(ask "job/$1/lastBuild/api/json" | sed -nE 's/.*"result":"([A-Z_]+)".*/\1/p' || :)
  done
  ask "job/$1/lastBuild/consoleText"
  [ "$result" = SUCCESS ]
}

no_machine_is_left() {
  local deadline=$((SECONDS + 100))
  until [ -z "$(machines)" ]; do
    ((SECONDS < deadline))
    sleep 1
  done
}

machines() {
  docker ps -aq --filter label=io.virtainers.cloud=vms
}

@test "the sample is built on a virtual machine of its own, which is removed" {
  build
  is_built_well sample
  ask job/sample/lastBuild/consoleText | grep -qE '^(qemu|kvm)$'
  no_machine_is_left
}

@test "who stands at the door without a login is not let in" {
  [ "$(curl -s -o /dev/null -w '%{http_code}' "${url}api/json")" = 403 ]
  # It listens on this machine alone.
  [[ $url == http://127.0.0.1:* ]]
}

@test "it ends with all that it made, a machine that boots included" {
  build
  local deadline=$((SECONDS + 200)) pid
  until [ -n "$(machines)" ]; do
    ((SECONDS < deadline))
    sleep 0.5
  done
  pid=$(cat "$BATS_FILE_TMPDIR/pid")
  kill -TERM "$pid"
  while kill -0 "$pid" 2>/dev/null; do
    ((SECONDS < deadline))
    sleep 0.5
  done
  [ -z "$(machines)" ]
  homes | diff "$BATS_FILE_TMPDIR/homes" -
}

@test "in a container with the engine's socket and no more it has agents by label and by pipeline" {
  local tree java folder mounts=() deadline=$((SECONDS + 400)) job
  tree=$(readlink -f "$BATS_TEST_DIRNAME/../..")
  java=$(readlink -f "${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}")
  # Of this machine: a Java with all that Jenkins wants of it, wherever it has its configuration.
  for folder in /usr /etc/alternatives /etc/fonts /etc/java* "$java"; do
    [ ! -d "$folder" ] || mounts+=(-v "$folder:$folder:ro")
  done
  inside=virtainers-bats-jenkins-$$
  docker run -d --name "$inside" --user 0 -v /var/run/docker.sock:/var/run/docker.sock -v "$tree:$tree" \
    -v "$(readlink -f "$jenkins"):$jenkins:ro" "${mounts[@]}" -e "JAVA_HOME=$java" -e "VIRTAINERS_JENKINS=$jenkins" \
    -e HOME=/root --entrypoint "$tree/virtainer" "${VIRTAINERS_NAMESPACE:-virtainers}/runtime" jenkins
  until docker logs "$inside" 2>&1 | grep -q '^password: '; do
    ((SECONDS < deadline)) && [ "$(docker inspect -f '{{.State.Running}}' "$inside")" = true ] || {
      docker logs "$inside"
      return 1
    }
    sleep 1
  done
  url=$(docker logs "$inside" 2>/dev/null | grep -m 1 '^http')
  login=admin:$(docker logs "$inside" 2>/dev/null | sed -n 's/^password: //p')
  cookies=/tmp/cookies
  build
  is_built_well sample
  job='<project><assignedNode>vm</assignedNode><canRoam>false</canRoam><builders><hudson.tasks.Shell><command>systemd-detect-virt</command></hudson.tasks.Shell></builders></project>'
  post 'createItem?name=free' -H 'Content-Type: application/xml' --data-binary "$job"
  post job/free/build
  is_built_well free
  no_machine_is_left
}
