#!/usr/bin/env bats
# README's blocks, typed as they stand, by somebody who has a key, a folder "site", a file
# notes.txt and a disk image. Needs Docker with debian:12, debian:12-docker and
# debian:12-desktop. Its ports, folders, networks and images must be free; what it makes
# is removed.
# shellcheck disable=SC2030,SC2031

bats_require_minimum_version 1.5.0

setup_file() {
  export repository home
  repository=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
  home=$BATS_FILE_TMPDIR/home
  mkdir -p "$home/bin" "$home/.ssh" "$home/site"
  ln -s "$repository/virtainer" "$home/bin/virtainer"
  export XDG_STATE_HOME=$home/state PATH=$home/bin:$PATH
  ssh-keygen -q -t ed25519 -N '' -f "$home/.ssh/id_ed25519"
  echo 'hello' >"$home/site/index.html"
  echo 'notes' >"$home/notes.txt"
  as_somebody_with_that_home
  what_it_makes_is_free || skip "README: SKIPPED, WHAT IT WOULD MAKE IS THERE: $taken"
  "$BATS_TEST_DIRNAME/cloud-image" "$home/disk.qcow2"
}

# ssh looks for keys where the user really lives, not below $HOME.
as_somebody_with_that_home() {
  printf '#!/bin/sh\nexec %s -i %s -o UserKnownHostsFile=%s -o StrictHostKeyChecking=accept-new "$@"\n' \
    "$(command -v ssh)" "$home/.ssh/id_ed25519" "$home/.ssh/known_hosts" >"$home/bin/ssh"
  chmod +x "$home/bin/ssh"
}

names='web desk vm'

what_it_makes_is_free() {
  local name
  taken=
  for name in $names; do
    ! docker container inspect "$name" >/dev/null 2>&1 || taken+=" container $name"
  done
  ! docker network inspect office >/dev/null 2>&1 || taken+=' network office'
  ! docker image inspect team/web:1 >/dev/null 2>&1 || taken+=' image team/web:1'
  [ ! -e /srv/web ] || taken+=' folder /srv/web'
  [ -z "$taken" ]
}

teardown_file() {
  [ -e "$home/disk.qcow2" ] || return 0
  local machine
  for machine in $names $(cat "$home/made" 2>/dev/null); do
    docker rm -f -v "$machine" >/dev/null 2>&1 || :
  done
  docker network rm office >/dev/null 2>&1 || :
  docker image rm -f team/web:1 >/dev/null 2>&1 || :
  rm -rf /srv/web
}

# block HEADING N: the Nth indented block below a heading.
block() {
  awk -v heading="## $1" -v wanted="$2" '
    /^## / { here = $0 == heading; next }
    !here { next }
    /^    / { if (!in_block) { in_block = 1; n++ } if (n == wanted) print substr($0, 5); next }
    { in_block = 0 }' "$repository/README.md"
}

# Minutes each, for the sake of one line.
slowest='debian:12-desktop|screenshot desk|--image disk.qcow2|bench'

# type_in: runs the lines of a block one after another, in a shell, from the home, as
# somebody would: with a terminal where one is talked to.
type_in() {
  local line said
  cd "$home"
  while IFS= read -r line <&3; do
    if [[ ${VIRTAINERS_TEST_LONG-yes} == no && $line =~ $slowest ]]; then
      echo "# SKIPPED, ./verify --long TYPES IT: $line"
      continue
    fi
    echo "\$ $line"
    if [[ $line == 'virtainer console'* ]]; then
      # Ctrl-], once there is something to leave.
      said=$({ sleep 3; printf '\x1d'; } | HOME=$home timeout 60 script -qefc "${line%%#*}" /dev/null)
    else
      said=$(HOME=$home bash -c "$line" </dev/null 2>"$BATS_TEST_TMPDIR/errors") || {
        echo "$said"
        cat "$BATS_TEST_TMPDIR/errors"
        return 1
      }
    fi
    echo "$said"
    sed -nE 's/^name +//p' <<<"$said" >>"$home/made"
  done 3< <(block "$@")
}

@test "Try it: the first command" {
  cd "$repository"
  [ "$(block 'Try it' 1)" = './virtainer exec debian:12 -- cat /etc/os-release' ]
  local said
  said=$(bash -c "$(block 'Try it' 1)" </dev/null)
  [ "$(head -n 2 <<<"$said")" = "$(block 'Try it' 2 | head -n 2)" ]
  # The second is the one that runs this.
  [ "$(block 'Try it' 3)" = ./verify ]
}

@test "From a shell: every line, one after another" {
  run type_in 'From a shell' 1
  grep '^# SKIPPED' <<<"$output" >&3 || :
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *$'\nport     80 is at 127.0.0.1:'* ]]
  [[ $output == *$'\nport     80 is at 127.0.0.1:8080'* ]]
  [ "$(stat -c %u /srv/web)" = 1000 ]
  [ -s "$home/web.qcow2" ]
  [ "${VIRTAINERS_TEST_LONG-yes}" = no ] || [ "$(head -c 4 "$home/desk.png" | tail -c 3)" = PNG ]
  docker image inspect team/web:1 >/dev/null
}

@test "With nothing but Docker" {
  run type_in 'From a shell' 2
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *' ready: SSH answers on port 22'* ]]
  [[ $output == *' hostkey: ssh-ed25519 '* ]]
}
