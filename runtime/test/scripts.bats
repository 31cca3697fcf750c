#!/usr/bin/env bats
# The original's scripts: what they ask "virtainer run" for, and join-ssh. Needs no container engine.
# shellcheck disable=SC2030,SC2031

setup() {
  top=$BATS_TEST_DIRNAME/../..
  export HOME=$BATS_TEST_TMPDIR/home VIRTAINER=$BATS_TEST_TMPDIR/virtainer
  unset SSH_KEY PASSWORD
  mkdir -p "$HOME/.ssh"
  # Prints its words, a line each.
  printf '#!/bin/sh\nprintf "%%s\\n" "$@"\nexit 7\n' >"$VIRTAINER"
  chmod 755 "$VIRTAINER"
}

# asks SCRIPT WORD…: what the script asks for.
asks() {
  local script=$1
  shift
  run "$top/$script" "${given[@]}"
  [ "$output" = "$(printf '%s\n' "$@")" ]
  # Its end is the command's.
  [ "$status" -eq 7 ]
}

@test "each script runs the image of its name" {
  asks run-fedora29.sh run --name fedora29 fedora:29
  asks run-fedora30.sh run --name fedora30 fedora:30
  asks run-centos7.sh run --name centos7 centos:7
  asks run-centos8.sh run --name centos8 centos:8
  asks run-ubuntu18.04.sh run --name ubuntu1804 ubuntu:18.04
}

@test "each image of a script is one that can be built" {
  local script
  for script in "$top"/run-*.sh; do
    run "$script"
    grep -q "^${lines[-1]} " "$top/images/versions.conf"
  done
}

@test "the usual key may log in, or the one that was named" {
  echo 'ssh-rsa AAAA me' >"$HOME/.ssh/id_rsa.pub"
  asks run-fedora30.sh run --name fedora30 --ssh-key "$HOME/.ssh/id_rsa.pub" fedora:30
  export SSH_KEY='/a b/key.pub'
  asks run-fedora30.sh run --name fedora30 --ssh-key '/a b/key.pub' fedora:30
}

@test "there is a password only when it is asked for" {
  export PASSWORD='pass word'
  asks run-centos7.sh run --name centos7 --password 'pass word' centos:7
}

@test "options are the command's, from wherever the script is called" {
  given=(--memory 4G)
  ln -s "$(readlink -f "$top/run-centos8.sh")" "$BATS_TEST_TMPDIR/link.sh"
  cd /
  top=$BATS_TEST_TMPDIR
  asks link.sh run --name centos8 --memory 4G centos:8
}

@test "join-ssh joins nothing to a guest that is not ready" {
  run "$top/runtime/join-ssh" </dev/null
  [ "$status" -eq 1 ]
  [ "$output" = 'error: the guest is not there, and not ready' ]
}
