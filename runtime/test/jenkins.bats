#!/usr/bin/env bats
# "virtainer jenkins": its sample is built on a real guest, and nothing of it is left. Needs a container engine with
# virtainers/debian:12, and a Jenkins where CONTRIBUTING.md says.
# shellcheck disable=SC2030,SC2031

setup_file() {
  local jenkins=${VIRTAINERS_JENKINS:-$HOME/.cache/virtainers/jenkins}
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
  export url login
}

teardown_file() {
  [ ! -e "$BATS_FILE_TMPDIR/pid" ] || kill "$(cat "$BATS_FILE_TMPDIR/pid")" 2>/dev/null || :
}

# homes: folders of such a Jenkins.
homes() {
  find /tmp -maxdepth 1 -name 'virtainers-jenkins*' | sort
}

# ask PATH OPTION…: of Jenkins, with the cookies of one session.
ask() {
  local path=$1
  shift
  curl -sSf -u "$login" -b "$BATS_FILE_TMPDIR/cookies" -c "$BATS_FILE_TMPDIR/cookies" "$@" "$url$path"
}

# build: has the sample built once more.
build() {
  ask job/sample/build -X POST -H "Jenkins-Crumb: $(ask crumbIssuer/api/json | sed -nE 's/.*"crumb":"([^"]*)".*/\1/p')"
}

machines() {
  docker ps -aq --filter label=io.virtainers.cloud=vms
}

@test "the sample is built on a virtual machine of its own, which is removed" {
  build
  local deadline=$((SECONDS + 400)) result=
  until [ -n "$result" ]; do
    ((SECONDS < deadline))
    sleep 2
    result=$(ask job/sample/lastBuild/api/json | sed -nE 's/.*"result":"([A-Z_]+)".*/\1/p' || :)
  done
  ask job/sample/lastBuild/consoleText
  [ "$result" = SUCCESS ]
  ask job/sample/lastBuild/consoleText | grep -qE '^(qemu|kvm)$'
  until [ -z "$(machines)" ]; do
    ((SECONDS < deadline))
    sleep 1
  done
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
