#!/usr/bin/env bats
# What a caller can say about a guest, and its effect there: user-data in every
# way, passwords, parameters, disks that are kept. Guests are shared, since each
# takes most of a minute. Needs Docker and virtainers/debian:12.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

strange_password='a\n"b'\''$c #{%s}'

setup_file() {
  export name=virtainers-bats-seed-$$
  export shared=$BATS_FILE_TMPDIR
  # What ssh runs to ask for a password.
  printf '#!/bin/sh\ncat "%s/password"\n' "$shared" >"$shared/askpass"
  chmod 755 "$shared/askpass"
  make_key
  make_seeds
  mkdir -m 777 "$shared"/{kept,seeds}
  start nobody -v "$shared/kept:/elsewhere" -e IMAGE_DIR=/elsewhere -e VM_NAME=web -e CPU=2 -e RAM=768 \
    -e DISK_SIZE=12G -e OS_VARIANT=rhel7
  start told -v "$key.pub:/tmp/id_rsa.pub:ro" -v "$shared/of-files/user-data:/tmp/user-data:ro" \
    -v "$shared/of-files/meta-data:/tmp/meta-data:ro" -v "$shared/seeds:/seeds" -e CLOUD_INIT_DISK=/seeds/told.iso \
    -e PASSWORD="$strange_password"
  start iso -v "$shared/of-iso.iso:/tmp/cloud_init.iso:ro" -v "$key.pub:/tmp/id_rsa.pub:ro" \
    -v "$shared/of-files/user-data:/tmp/user-data:ro" -v "$shared/of-files/meta-data:/tmp/meta-data:ro" \
    -e PASSWORD=password
  printf "#cloud-config\nuser: {name: tester}\npassword: 'It''s: #1'\nchpasswd: {expire: false}\nssh_pwauth: true\n" >"$shared/passwords"
  start passwords -v "$shared/passwords:/tmp/user-data:ro"
}

# make_seeds: user-data and meta-data that leave their name in the guest, as files
# and as a complete seed.
make_seeds() {
  local of
  for of in of-files of-iso; do
    mkdir "$shared/$of"
    printf '#cloud-config\nwrite_files:\n  - {path: /etc/user-data, content: "%s\\n"}\n' "$of" >"$shared/$of/user-data"
    printf 'instance-id: %s-1\nlocal-hostname: meta-%s\n' "$of" "$of" >"$shared/$of/meta-data"
  done
  docker run --rm --entrypoint genisoimage -v "$shared/of-iso:/in:ro" "$image" \
    -quiet -volid cidata -joliet -rock /in >"$shared/of-iso.iso"
}

teardown_file() {
  remove_containers
}

# start SUFFIX OPTION…: a guest without rights.
start() {
  local suffix=$1
  shift
  docker run -d --name "$name-$suffix" --cap-drop ALL --security-opt no-new-privileges --user 1000 \
    --sysctl net.ipv4.ip_unprivileged_port_start=0 -e ACCEL=tcg "$@" "$image" >/dev/null
}

# with_password SUFFIX PASSWORD COMMAND [USER]: without a key.
with_password() {
  printf '%s\n' "$2" >"$shared/password"
  SSH_ASKPASS=$shared/askpass SSH_ASKPASS_REQUIRE=force ssh -n "${ssh_options[@]}" \
    -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 "${4:-debian}@$(address "$1")" "$3"
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
  [ "$(with_password told "$strange_password" 'sudo id -un')" = root ]
  [ "$(in_guest told 'id -un')" = debian ]
  run docker logs "$name-told"
  [[ $output != *' password: '* ]]
}

@test "user-data and meta-data are what the guest was told, by a seed that is written where it was asked for" {
  [ "$(in_guest told 'cat /etc/user-data; hostname; sudo cloud-init query instance_id 2>&1')" = $'of-files\nmeta-of-files\nof-files-1' ]
  docker logs "$name-told" 2>&1 | grep -q ' seed: generated NoCloud ISO, public key'
  docker run --rm --entrypoint isoinfo -v "$shared/seeds:/seeds:ro" "$image" -i /seeds/told.iso -d | grep -q '^Volume id: cidata'
}

@test "an own seed stands above user-data and meta-data" {
  wait_for iso ' ready: ' 240
  docker logs "$name-iso" 2>&1 | grep -q ' seed: own ISO'
  [ "$(in_guest iso 'cat /etc/user-data; hostname; sudo cloud-init query instance_id 2>&1')" = $'of-iso\nmeta-of-iso\nof-iso-1' ]
}

@test "PASSWORD=password gives the original's password" {
  [ "$(with_password iso password 'id -un')" = debian ]
}

@test "user-data that has SSH take a password is obeyed" {
  wait_for passwords ' ready: ' 300
  [ "$(with_password passwords "It's: #1" 'sudo -n id -un; id -un' tester)" = $'root\ntester' ]
  run with_password passwords wrong true tester
  [ "$status" -eq 255 ]
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
  local deadline=$((SECONDS + 3 * 60))
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
  local deadline=$((SECONDS + 3 * 60))
  until grep -qa 'login:' "$2"; do
    ((SECONDS < deadline))
    printf '\r' >&"$1"
    sleep 0.5
  done
}

virsh() {
  docker exec "$name-nobody" virsh "$@"
}

# as_nobody COMMAND: in the guest that has a password only.
as_nobody() {
  with_password nobody "$(password_of nobody)" "$1"
}

@test "CPU, RAM, DISK_SIZE and IMAGE_DIR are what the guest has" {
  [ "$(as_nobody nproc)" = 2 ]
  local kb
  kb=$(as_nobody "sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo")
  ((kb > 650 * 1024 && kb <= 768 * 1024))
  [ "$(as_nobody 'cat /sys/block/vda/size')" = $((12 << 21)) ]
  (($(as_nobody 'df --output=size -BG / | tail -n 1 | tr -dc 0-9') >= 11))
  [ -s "$shared/kept/local_image.qcow2" ]
}

@test "OS_VARIANT is accepted" {
  [ "$(docker exec "$name-nobody" printenv OS_VARIANT)" = rhel7 ]
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
  [[ $(virsh dominfo web) =~ 'CPU(s):'\ +2$'\n''Max memory:'\ +786432\ KiB ]]
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
  before=$(as_nobody 'cat /proc/sys/kernel/random/boot_id')
  virsh reboot web
  local deadline=$((SECONDS + 3 * 120))
  until after=$(as_nobody 'cat /proc/sys/kernel/random/boot_id'); do
    ((SECONDS < deadline))
    sleep 1
  done
  [ "$before" != "$after" ]
}

@test "virsh shutdown powers the guest off, which ends the container well" {
  as_nobody 'echo kept | sudo tee /etc/kept'
  virsh shutdown web
  [ "$(timeout 180 docker wait "$name-nobody")" = 0 ]
  docker logs "$name-nobody" 2>&1 | grep -q 'stopped: the guest is off (guest-shutdown)'
}

@test "virsh destroy ends a guest at once" {
  docker exec "$name-told" virsh destroy vm
  [ "$(timeout 180 docker wait "$name-told")" = 0 ]
}

@test "a disk is kept when its container is removed, and found by a new one" {
  docker rm "$name-nobody" >/dev/null
  start again -v "$shared/kept:/mounted" -v "$key.pub:/tmp/id_rsa.pub:ro"
  wait_for again ' ready: ' 240
  [ "$(in_guest again 'cat /etc/kept; cat /sys/block/vda/size')" = "kept"$'\n'$((12 << 21)) ]
  [ "$(in_guest again hostname)" = "$(docker inspect -f '{{.Config.Hostname}}' "$name-again")" ]
}

@test "a kept disk is refused to another virtainer at the same time, and to one of another image" {
  run docker run --rm --cap-drop ALL --user 1000 -v "$shared/kept:/mounted" "$image"
  [ "$status" -eq 64 ]
  [[ $output == *'is in use by another virtainer'* ]]
  docker rm -f "$name-again" >/dev/null
  qemu-img create -q -f qcow2 "$shared/other.qcow2" 10G
  run docker run --rm --cap-drop ALL --user 1000 -v "$shared/kept:/mounted" -v "$shared/other.qcow2:/image:ro" "$image"
  [ "$status" -eq 64 ]
  [[ $output == *'was written over another image'* ]]
}
