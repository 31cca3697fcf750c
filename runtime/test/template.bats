#!/usr/bin/env bats
# Memory templates on a real engine: one is made, and guests are restored from
# it, in every state of damage. Needs Docker and virtainers/debian:12.
# shellcheck disable=SC2030,SC2031

image=virtainers/debian:12

setup_file() {
  export volume=virtainers-bats-templates-$$
  export key=$BATS_FILE_TMPDIR/key
  ssh-keygen -q -t ed25519 -N '' -f "$key"
  docker volume create "$volume" >/dev/null
  docker volume create "$volume-marks" >/dev/null
}

teardown_file() {
  docker volume rm -f "$volume" "$volume-marks" >/dev/null
}

setup() {
  name=virtainers-bats-template-$BATS_TEST_NUMBER-$$
}

teardown() {
  local container
  for container in $(docker ps -aq --filter "name=$name"); do
    docker rm -f "$container" >/dev/null
  done
  [ "${volume_of_test:-}" = '' ] || docker volume rm -f "$volume_of_test" >/dev/null
}

# maker SUFFIX OPTION…: a container that makes templates, as the engine runs it.
maker() {
  local suffix=$1
  shift
  docker run --name "$name-$suffix" --user 0 --cap-drop ALL --cap-add SETUID --cap-add SETGID \
    --security-opt no-new-privileges -e CPU=2 -e ACCEL=tcg "$@" "$image" warm 2>&1
}

# guest SUFFIX OPTION…: starts a container of a guest, as the engine runs it.
guest() {
  local suffix=$1
  shift
  docker run -d --name "$name-$suffix" --user 1000 --cap-drop ALL --security-opt no-new-privileges \
    --sysctl net.ipv4.ip_unprivileged_port_start=0 -e CPU=2 -e ACCEL=tcg -e EPHEMERAL=yes \
    -v "$key.pub:/tmp/id_rsa.pub:ro" -v "${volume_of_test:-$volume}:/templates:ro" \
    -v "$volume-marks:/template-marks" "$@" "$image" >/dev/null
}

# wait_for SUFFIX TEXT SECONDS: until the container's log has TEXT.
wait_for() {
  local deadline=$((SECONDS + $3))
  until docker logs "$name-$1" 2>&1 | grep -q -- "$2"; do
    if ((SECONDS >= deadline)) || [ "$(docker inspect -f '{{.State.Running}}' "$name-$1")" = false ]; then
      docker logs "$name-$1" 2>&1 | grep -q -- "$2" && return 0
      docker logs "$name-$1" 2>&1 | tail -n 20
      return 1
    fi
    sleep 0.1
  done
}

address() {
  docker inspect -f '{{.NetworkSettings.IPAddress}}' "$name-$1"
}

# in_guest SUFFIX COMMAND
in_guest() {
  ssh -n -i "$key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
    "debian@$(address "$1")" "$2"
}

# on_volume SCRIPT: runs it as the owner of the templates, with $template set.
on_volume() {
  docker run --rm --user 0 --entrypoint bash -v "${volume_of_test:-$volume}:/templates" -v "$volume-marks:/template-marks" "$image" \
    -c "set -e; cd /templates; template=\$(echo [0-9a-f]*); $1"
}

# damaged SCRIPT: volume_of_test is a copy of the template, with what SCRIPT did
# to it.
damaged() {
  volume_of_test=$volume-$BATS_TEST_NUMBER
  docker volume create "$volume_of_test" >/dev/null
  docker run --rm --user 0 --entrypoint bash -v "$volume:/from:ro" -v "$volume_of_test:/templates" -v "$volume-marks:/template-marks" "$image" \
    -c "set -e; cd /templates; cp -a --sparse=always /from/[0-9a-f]* .; template=\$(echo [0-9a-f]*); chmod -R u+w \$template; $1; rm -f /template-marks/*"
}

# What makes a copy as good as the original to the quick check.
seal='(cat /proc/sys/kernel/random/boot_id; cd $template; stat -c "%n %i %s %.9Y %.9Z" ram state disk.qcow2) >seal.new; mv -f seal.new $template/seal'

# boots_instead TEXT: a run says TEXT and boots; the next one does not touch the
# template again.
boots_instead() {
  guest first
  wait_for first "rung: direct: .*$1" 60
  wait_for first 'qemu: started, direct boot' 30
  docker rm -f "$name-first" >/dev/null
  guest second
  wait_for second 'rung: direct: template .* was set aside' 30
}

@test "two makers at once make one whole template" {
  maker one -v "$volume:/templates" -v "$volume-marks:/template-marks" >"$BATS_TEST_TMPDIR/one" &
  maker two -v "$volume:/templates" -v "$volume-marks:/template-marks" >"$BATS_TEST_TMPDIR/two"
  wait $!
  cat "$BATS_TEST_TMPDIR"/{one,two}
  [ "$(cat "$BATS_TEST_TMPDIR"/{one,two} | grep -c ' is made, ')" -eq 1 ]
  [ "$(cat "$BATS_TEST_TMPDIR"/{one,two} | grep -c ' is there')" -eq 1 ]
  on_volume '[ "$(ls -A | grep -cE "^[0-9a-f]{32}$")" = 1 ]; cd $template; sha256sum --quiet -c sums; [ "$(stat -c "%u %a" . | tr -d "\n")" = "0 555" ]'
}

@test "restored guests share nothing that must be their own" {
  local i before after now
  for i in 1 2 3 4 5 6 7 8 9 10; do
    guest "$i" -e BOOT=restore
    wait_for "$i" ' ready: ' 60
    before=$(date +%s.%N)
    in_guest "$i" 'date +%s.%N; head -c 32 /dev/urandom | sha256sum; hostname; cat /etc/machine-id /proc/sys/kernel/random/boot_id
      ls /etc/mark-* 2>/dev/null; sudo touch /etc/mark-mine' >"$BATS_TEST_TMPDIR/$i"
    after=$(date +%s.%N)
    ssh-keyscan -t ed25519 "$(address "$i")" 2>/dev/null | cut -d' ' -f3 >>"$BATS_TEST_TMPDIR/$i"
    now=$(head -n 1 "$BATS_TEST_TMPDIR/$i")
    awk -v b="$before" -v n="$now" -v a="$after" 'BEGIN { exit !(n > b - 1 && n < a + 1) }'
    # A number, a draw, a name, two identifiers, a key: and no mark of another.
    [ "$(sed 1d "$BATS_TEST_TMPDIR/$i" | wc -l)" -eq 5 ]
    # Ten at once would be more than a small host has to give.
    [ "$i" -le 3 ] || docker rm -f "$name-$i" >/dev/null
  done
  [ "$(sed -s 1d "$BATS_TEST_TMPDIR"/{1,2,3,4,5,6,7,8,9,10} | sort | uniq -d)" = '' ]
  on_volume 'cd $template; sha256sum --quiet -c sums'
}

@test "a restored guest is booted, with nothing failed and its journal its own" {
  guest one -e BOOT=restore -e PASSWORD=secret-word -e DISK_SIZE=12G
  wait_for one ' ready: ' 60
  [ "$(in_guest one 'systemctl is-system-running')" = running ]
  [ "$(in_guest one 'sudo passwd -S debian | cut -d" " -f2')" = P ]
  [ "$(in_guest one 'lsblk -nbdo SIZE /dev/vda')" = $((12 << 30)) ]
  [ "$(in_guest one 'df --output=size -BG / | tail -n 1 | tr -dc 0-9')" -ge 11 ]
  in_guest one 'sleep 6; sudo journalctl -q -b -n 1 -o cat | grep -q .'
  in_guest one 'java -version'
}

@test "a container with a guest cannot change a template, whether it may write or not" {
  guest read-only -e BOOT=restore
  wait_for read-only ' ready: ' 60
  run docker exec "$name-read-only" bash -c 'cd /templates/[0-9a-f]*; : >>ram || rm -f state || mv state x || chmod u+w .'
  [ "$status" -ne 0 ]
  run docker run --rm --user 1000 --cap-drop ALL --entrypoint bash -v "$volume:/templates" "$image" \
    -c 'cd /templates/[0-9a-f]*; : >>ram || rm -f state || mv state x || chmod u+w . || mkdir ../0123'
  [ "$status" -ne 0 ]
  on_volume 'cd $template; sha256sum --quiet -c sums'
}

@test "what cannot be applied to a restored guest is said, and booted" {
  printf '#cloud-config\n{}\n' >"$BATS_TEST_TMPDIR/user-data"
  guest one -v "$BATS_TEST_TMPDIR/user-data:/tmp/user-data:ro"
  wait_for one 'rung: direct: cloud-init applies user-data while the guest boots' 20
  run docker run --rm --cap-drop ALL --user 1000 -e ACCEL=tcg -e BOOT=restore "$image"
  [ "$status" -eq 64 ]
  [[ $output == *'no volume is mounted on /templates'* ]]
}

@test "other hardware has another template" {
  guest one -e RAM=512
  wait_for one 'rung: direct: there is no template' 20
  wait_for one 'template: wanted' 20
}

@test "a truncated state is noticed, and never used" {
  damaged 'truncate -s -100 $template/state'
  boots_instead 'is damaged'
}

@test "a flipped bit of the memory is noticed, and never used" {
  damaged 'printf "\\xff" | dd of=$template/ram bs=1 seek=123456789 conv=notrunc status=none; touch -d @1700000000 $template/ram'
  boots_instead 'is damaged'
}

@test "a template of another QEMU is not used" {
  damaged "echo '9.9.9 (another)' >\$template/qemu; $seal"
  boots_instead 'is of QEMU 9.9.9'
}

@test "a state that QEMU cannot load leads to a login all the same" {
  damaged "head -c 400000 /dev/urandom >\$template/state; $seal"
  guest one
  wait_for one 'rung: direct: QEMU does not load the template' 60
  wait_for one ' ready: ' 240
  [ "$(in_guest one whoami)" = debian ]
}

@test "a memory that is cut off while it is in use leads to the next rung" {
  damaged "truncate -s 8M \$template/ram; truncate -s 1G \$template/ram; truncate -s 8M \$template/ram; $seal"
  boots_instead ''
}

@test "a maker that is killed leaves nothing that could be used" {
  volume_of_test=$volume-$BATS_TEST_NUMBER
  docker volume create "$volume_of_test" >/dev/null
  maker one -d -v "$volume_of_test:/templates" >/dev/null
  wait_for one 'userspace:' 120
  docker kill -s KILL "$name-one" >/dev/null
  on_volume '[ "$(ls | grep -cE "^[0-9a-f]{32}$")" = 0 ]'
  guest two
  wait_for two 'rung: direct: there is no template' 20
}

@test "templates are listed and removed" {
  keep() {
    docker run --rm --user 0 --cap-drop ALL -v "$volume:/templates" -v "$volume-marks:/template-marks" "$image" templates "$@"
  }
  run keep ls
  [ "${#lines[@]}" -eq 1 ]
  IFS=$'\t' read -r one os cpus memory accel _ <<<"$output"
  [ "$os|$cpus|$memory|$accel" = 'Debian GNU/Linux 12|2|1024|tcg' ]
  run keep rm "$one" 0123
  [ "$status" -eq 64 ]
  [ "$(keep rm "$one")" = "$one" ]
  [ "$(keep ls)" = '' ]
}
