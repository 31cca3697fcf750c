#!/usr/bin/env bats
# What a caller can say about a guest, and its effect there: user-data in every
# way, passwords, parameters, disks that are kept. Guests are shared, since each
# takes most of a minute. Needs Docker and virtainers/debian:12.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

image=virtainers/debian:12
ssh_options=(-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=20)
strange_password='a\n"b'\''$c #{%s}'

setup_file() {
  export name=virtainers-bats-seed-$$
  export shared=$BATS_FILE_TMPDIR
  # What ssh runs to ask for a password.
  printf '#!/bin/sh\ncat "%s/password"\n' "$shared" >"$shared/askpass"
  chmod 755 "$shared/askpass"
  ssh-keygen -q -t ed25519 -N '' -f "$shared/key"
  printf '#cloud-config\nwrite_files:\n  - {path: /etc/of-user-data, content: "it was read\\n"}\n' >"$shared/user-data"
  start nobody
  start told -v "$shared/key.pub:/tmp/id_rsa.pub:ro" -v "$shared/user-data:/tmp/user-data:ro" -e PASSWORD="$strange_password"
}

teardown_file() {
  local container
  for container in $(docker ps -aq --filter "name=$name"); do
    docker rm -f -v "$container" >/dev/null
  done
}

# start SUFFIX OPTION…: a guest without rights.
start() {
  local suffix=$1
  shift
  docker run -d --name "$name-$suffix" --cap-drop ALL --security-opt no-new-privileges --user 1000 \
    --sysctl net.ipv4.ip_unprivileged_port_start=0 -e ACCEL=tcg "$@" "$image" >/dev/null
}

# wait_for SUFFIX TEXT SECONDS: until the container's log has TEXT.
wait_for() {
  local deadline=$((SECONDS + $3))
  until docker logs "$name-$1" 2>&1 | grep -q -- "$2"; do
    if ((SECONDS >= deadline)) || [ "$(docker inspect -f '{{.State.Running}}' "$name-$1")" = false ]; then
      docker logs "$name-$1" 2>&1 | tail -n 20
      return 1
    fi
    sleep 0.2
  done
}

address() {
  docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$name-$1"
}

# in_guest SUFFIX COMMAND: with the key.
in_guest() {
  ssh -n -i "$shared/key" "${ssh_options[@]}" -o BatchMode=yes "debian@$(address "$1")" "$2"
}

# with_password SUFFIX PASSWORD COMMAND: without a key.
with_password() {
  printf '%s\n' "$2" >"$shared/password"
  SSH_ASKPASS=$shared/askpass SSH_ASKPASS_REQUIRE=force ssh -n "${ssh_options[@]}" \
    -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 "debian@$(address "$1")" "$3"
}

@test "without anything a guest has a password of its own, which its log tells once" {
  wait_for nobody ' ready: ' 240
  [ "$(docker logs "$name-nobody" 2>&1 | grep -c ' password: ')" -eq 1 ]
  local made
  made=$(docker logs "$name-nobody" 2>&1 | sed -nE 's/.* password: ([a-z0-9-]+) is the password of debian: .*/\1/p')
  [ "$(with_password nobody "$made" 'sudo id -un')" = root ]
  run with_password nobody password id
  [ "$status" -eq 255 ]
}

@test "a password that was asked for works, whatever its characters, beside key and user-data" {
  wait_for told ' ready: ' 240
  [ "$(with_password told "$strange_password" 'sudo id -un; cat /etc/of-user-data')" = $'root\nit was read' ]
  [ "$(in_guest told 'id -un')" = debian ]
  run docker logs "$name-told"
  [[ $output != *' password: '* ]]
}
