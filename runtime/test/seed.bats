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
  start nobody -e VM_NAME=web -e CPU=2
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

# password_of SUFFIX: that its log tells.
password_of() {
  docker logs "$name-$1" 2>&1 | sed -nE 's/.* password: ([a-z0-9-]+) is the password of debian: .*/\1/p'
}

# on_terminal COMMAND: runs it on a pseudo-terminal, to be talked to with "type_in"
# and "wait_to_see".
on_terminal() {
  rm -f "$BATS_TEST_TMPDIR"/terminal.{in,out}
  mkfifo "$BATS_TEST_TMPDIR/terminal.in"
  exec {terminal}<>"$BATS_TEST_TMPDIR/terminal.in"
  script -qefc "$1" "$BATS_TEST_TMPDIR/terminal.out" <"$BATS_TEST_TMPDIR/terminal.in" >/dev/null 2>&1 3>&- &
  terminal_pid=$!
}

type_in() {
  printf '%b' "$1" >&"$terminal"
}

wait_to_see() {
  local deadline=$((SECONDS + 60))
  until grep -qa -- "$1" "$BATS_TEST_TMPDIR/terminal.out"; do
    if ((SECONDS >= deadline)); then
      cat -v "$BATS_TEST_TMPDIR/terminal.out"
      return 1
    fi
    sleep 0.2
  done
}

# wait_for_login FD FILE: presses Return at FD until FILE has the prompt; who types
# before there is one is not heard.
wait_for_login() {
  local deadline=$((SECONDS + 60))
  until grep -qa 'login:' "$2"; do
    ((SECONDS < deadline))
    printf '\r' >&"$1"
    sleep 0.5
  done
}

virsh() {
  docker exec "$name-nobody" virsh "$@"
}

@test "virsh console is the guest's serial console, where people log in, and leaves with Ctrl-]" {
  on_terminal "docker exec -it $name-nobody virsh console --force vm"
  wait_to_see 'Escape character is ^]'
  wait_for_login "$terminal" "$BATS_TEST_TMPDIR/terminal.out"
  type_in 'debian\r'
  wait_to_see 'Password:'
  type_in "$(password_of nobody)\\r"
  wait_to_see 'debian@.*\$'
  type_in 'tty; echo $((6 * 7))-$(id -un)\r'
  wait_to_see '42-debian'
  wait_to_see '/dev/ttyS0'
  # A second one has to take it by force.
  run virsh console vm
  [ "$status" -eq 1 ]
  [[ $output == *'--force'* ]]
  type_in 'logout\r'
  wait_to_see 'logout'
  type_in '\x1d'
  wait "$terminal_pid"
  [ "$(docker exec "$name-nobody" virsh domstate vm | head -n 1)" = running ]
}

@test "virsh console --force takes the console from who has it" {
  mkfifo "$BATS_TEST_TMPDIR/first.in"
  exec {first}<>"$BATS_TEST_TMPDIR/first.in"
  docker exec -i "$name-nobody" virsh console vm <"$BATS_TEST_TMPDIR/first.in" >"$BATS_TEST_TMPDIR/first.out" 3>&- &
  local first_pid=$!
  wait_for_login "$first" "$BATS_TEST_TMPDIR/first.out"
  on_terminal "docker exec -it $name-nobody virsh console --force vm"
  wait "$first_pid" || true
  wait_for_login "$terminal" "$BATS_TEST_TMPDIR/terminal.out"
  type_in '\x1d'
  wait "$terminal_pid"
}

@test "virsh list and dominfo say what runs" {
  [[ $(virsh list) == *$'\n 1    web   running'* ]]
  [ "$(virsh list --name | head -n 1)" = web ]
  [[ $(virsh dominfo web) =~ 'CPU(s):'\ +2$'\n''Max memory:'\ +1048576\ KiB ]]
}

@test "virsh knows no other machine, and no other command" {
  run virsh dominfo other
  [ "$status" -eq 1 ]
  [ "$output" = "error: failed to get domain 'other'" ]
  run virsh migrate web
  [ "$status" -eq 1 ]
  [[ $output == *"unknown command: 'migrate'"* ]]
}

@test "virsh reboot starts the guest again in the same container" {
  local before after
  before=$(with_password nobody "$(password_of nobody)" 'cat /proc/sys/kernel/random/boot_id')
  virsh reboot web
  local deadline=$((SECONDS + 120))
  until after=$(with_password nobody "$(password_of nobody)" 'cat /proc/sys/kernel/random/boot_id'); do
    ((SECONDS < deadline))
    sleep 1
  done
  [ "$before" != "$after" ]
}

@test "virsh shutdown powers the guest off, which ends the container well" {
  virsh shutdown web
  [ "$(timeout 60 docker wait "$name-nobody")" = 0 ]
  docker logs "$name-nobody" 2>&1 | grep -q 'stopped: the guest is off (guest-shutdown)'
}

@test "virsh destroy ends a guest at once" {
  docker exec "$name-told" virsh destroy vm
  [ "$(timeout 5 docker wait "$name-told")" = 0 ]
}
