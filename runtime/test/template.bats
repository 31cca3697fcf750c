#!/usr/bin/env bats
# Memory templates on a real engine: one is made, and guests are restored from
# it, in every state of damage. Needs Docker and virtainers/debian:12.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  make_volumes virtainers-bats-templates-$$
}

teardown_file() {
  remove_volumes
}

setup() {
  name=virtainers-bats-template-$BATS_TEST_NUMBER-$$
}

teardown() {
  remove_containers
  [ "${volume_of_test:-}" = '' ] || docker volume rm -f "$volume_of_test" >/dev/null
}

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
  local i
  for i in 1 2 3 4 5 6 7 8 9 10; do
    guest "$i" -e BOOT=restore
    wait_for "$i" ' ready: ' 60
    ask_who_it_is "$i"
    # Ten at once would be more than a small host has to give.
    [ "$i" -le 3 ] || docker rm -f "$name-$i" >/dev/null
  done
  nothing_is_shared 10
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

# disk_reads SUFFIX: how often QEMU has read from a disk of the guest's since it started.
disk_reads() {
  docker exec -i "$name-$1" socat -t 5 - UNIX-CONNECT:/run/virtainers/qmp.sock <<<'{"execute":"qmp_capabilities"}{"execute":"query-blockstats"}' |
    grep -oP '"rd_operations": \K[0-9]+' | awk '{ sum += $1 } END { if (NR == 0) exit 1; print sum }'
}

@test "what is asked first of a restored guest comes from its memory, and nothing from its disk" {
  guest one -e BOOT=restore
  wait_for one ' ready: ' 60
  in_guest one 'id; git --version; tar --version; sudo -n true'
  [ "$(disk_reads one)" -eq 0 ]
  in_guest one 'cat /usr/bin/perl >/dev/null'
  [ "$(disk_reads one)" -gt 0 ]
}

@test "the time of a guest is right that was restored on a host without time for it" {
  # What a restore takes of a processor is 1.1 s, and more on a busy host; it has a minute.
  guest starved -e BOOT=restore --cpus 0.04
  wait_for starved ' provisioned: ' 90
  docker update --cpus 2 "$name-starved" >/dev/null
  wait_for starved ' ready: ' 60
  ask_who_it_is starved
}

@test "the seconds of guests are as long as the host's, restored or booted on a busy host" {
  guest one -e BOOT=restore
  guest two -e BOOT=direct
  guest three -e BOOT=direct -e CPU=1
  local suffix
  for suffix in one two three; do
    wait_for "$suffix" ' ready: ' 240
    echo "$(in_guest "$suffix" 'date +%s%N') $(date +%s%N)" >"$BATS_TEST_TMPDIR/$suffix"
  done
  sleep 15
  for suffix in one two three; do
    echo "$(in_guest "$suffix" 'date +%s%N') $(date +%s%N)" >>"$BATS_TEST_TMPDIR/$suffix"
    awk -v suffix="$suffix" 'NR == 1 { guest = $1; host = $2 }
      END { ratio = ($1 - guest) / ($2 - host); print suffix, ratio; exit !(ratio > 0.9 && ratio < 1.1) }' "$BATS_TEST_TMPDIR/$suffix"
  done
}

# bats test_tags=long
@test "a guest whose timer was measured on a host without time for it boots again, and waits as long as it should" {
  local qemu try deadline again='it boots again'
  for try in 1 2 3; do
    guest one -e BOOT=direct -e CPU=1
    until qemu=$(pgrep -P "$(docker inspect -f '{{.State.Pid}}' "$name-one")" qemu-system); do sleep 0.05; done
    # A tenth of a second is measured, and ACPI's timer begins anew after 4.68.
    while kill -STOP "$qemu" 2>/dev/null && ! docker logs "$name-one" 2>&1 | grep -q ' userspace: '; do
      sleep 6
      kill -CONT "$qemu" 2>/dev/null || break
      sleep 0.06
    done
    kill -CONT "$qemu" 2>/dev/null || :
    docker logs "$name-one" 2>&1 | grep -q "$again" && break
    docker rm -f -v "$name-one" >/dev/null
  done
  wait_for one "rung: direct: the host had no time for the guest while it measured its timer; $again" 20
  wait_for one ' ready: ' 300
  in_guest one 'sudo dmesg' | awk '/APIC delta adjusted/ { n = $(NF - 1); if (n < 6187500 || n > 6312500) exit 1 }'
  deadline=$((SECONDS + 20))
  in_guest one 'sleep 3'
  ((SECONDS < deadline))
}

@test "a restored guest that boots again is the same one" {
  guest one -e BOOT=restore -e DISK_SIZE=12G
  wait_for one ' ready: ' 60
  local who='hostname; cat /etc/machine-id; sudo ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key; lsblk -nbdo SIZE /dev/vda' before boot_id
  before=$(in_guest one "$who")
  boot_id=$(in_guest one 'cat /proc/sys/kernel/random/boot_id')
  in_guest one 'sudo systemctl reboot' || true
  local deadline=$((SECONDS + 3 * 240)) after
  until after=$(in_guest one 'cat /proc/sys/kernel/random/boot_id' 2>/dev/null) && [ "$after" != "$boot_id" ]; do
    ((SECONDS < deadline))
    sleep 1
  done
  [ "$(in_guest one "$who")" = "$before" ]
  [ "$(in_guest one 'systemctl is-system-running --wait')" = running ]
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

@test "a guest that writes to its status port without end defeats neither its lease nor its stop" {
  local one endless='exec >/dev/virtio-ports/org.virtainers.status; while :; do printf x; sleep 1; printf "\nx"; sleep 1; done'
  guest leased -e BOOT=restore -e LEASE=30
  guest stopped -e BOOT=restore -e EPHEMERAL=no -e STOP_TIMEOUT=60
  for one in leased stopped; do
    wait_for "$one" ' ready: ' 60
    in_guest "$one" "sudo systemd-run --quiet --unit=endless sh -c '$endless'"
    in_guest "$one" 'systemctl is-active endless'
  done
  docker stop -t 60 "$name-stopped" >/dev/null
  [ "$(docker wait "$name-stopped")" -eq 0 ]
  [ "$(timeout 120 docker wait "$name-leased")" -eq 79 ]
  docker logs "$name-leased" 2>&1 | grep -q ' failed: lease-expired: nobody renewed the lease for 30 s'
}

@test "what cannot be applied to a restored guest is said, and booted" {
  printf '#cloud-config\n{}\n' >"$BATS_TEST_TMPDIR/user-data"
  guest one -v "$BATS_TEST_TMPDIR/user-data:/tmp/user-data:ro"
  wait_for one 'rung: direct: cloud-init applies user-data while the guest boots' 20
  run docker run --rm --cap-drop ALL --user 1000 -e ACCEL=tcg -e BOOT=restore "$image"
  [ "$status" -eq 64 ]
  [[ $output == *'no volume is mounted on /templates'* ]]
}

@test "a guest powers off with a full disk too, and one that is cut off says so" {
  guest full -e BOOT=restore -e EPHEMERAL=no -e STOP_TIMEOUT=60 --tmpfs /run/virtainers:uid=1000,mode=755,size=2m
  guest slow -e BOOT=restore -e EPHEMERAL=no -e STOP_TIMEOUT=3
  wait_for full ' ready: ' 60
  docker logs "$name-full" 2>&1 | grep -q ' warning: STOP_TIMEOUT=60: .* --stop-timeout 65'
  run docker exec "$name-full" sh -c 'cat /dev/zero >/run/virtainers/filler'
  [[ $output == *'No space left'* ]]
  docker stop -t 90 "$name-full" >/dev/null
  [ "$(docker inspect -f '{{.State.ExitCode}}' "$name-full")" -eq 0 ]
  docker logs "$name-full" 2>&1 | grep -q 'stopped: the guest is off (guest-shutdown)'
  wait_for slow ' ready: ' 60
  in_guest slow "sudo systemd-run --quiet --unit=slow -p RemainAfterExit=yes -p 'ExecStop=sleep 60' true"
  docker stop -t 60 "$name-slow" >/dev/null
  [ "$(docker inspect -f '{{.State.ExitCode}}' "$name-slow")" -eq 137 ]
  docker logs "$name-slow" 2>&1 | grep -q ' warning: the guest was not off within STOP_TIMEOUT=3 s and is cut off'
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
  # Another byte than the one that is there, whatever that is.
  damaged 'at=123456789 byte=$(od -An -tu1 -j "$at" -N 1 "$template/ram"); printf "\\x$(printf %02x $((byte ^ 1)))" |
    dd of="$template/ram" bs=1 seek="$at" conv=notrunc status=none; touch -d @1700000000 "$template/ram"'
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

@test "a template that does not fit on its volume leaves nothing there, and the run boots to a login" {
  volume_of_test=$volume-$BATS_TEST_NUMBER
  docker volume create -o type=tmpfs -o device=tmpfs -o o=size=48m "$volume_of_test" >/dev/null
  # Holding the volume, which is in memory, for as long as the test.
  docker run -d --name "$name-hold" --entrypoint sleep -v "$volume_of_test:/templates" "$image" 600 >/dev/null
  # What a maker does once its guest is saved, with the real template as what was saved.
  run docker run --rm --user 0 --cap-drop ALL --entrypoint bash -v "$volume:/from:ro" -v "$volume_of_test:/templates" "$image" -c '
    set -Eeuo pipefail
    start_us=0 run=/run/virtainers guest=/guest accel=tcg base=/guest/disk.qcow2
    for part in say env disk fetch template; do source "/usr/lib/virtainers/$part.sh"; done
    env_defaults
    template_key=$(cd /from; echo [0-9a-f]*)
    IMAGE_DIR=/from/$template_key
    template_publish'
  [ "$status" -eq 73 ]
  [[ $output == *'disk-full: there is no room for the template in /templates'* ]]
  [ "$(docker exec "$name-hold" ls -A /templates)" = '' ]
  guest one
  wait_for one 'rung: direct: there is no template' 20
  wait_for one ' ready: ' 240
  [ "$(in_guest one whoami)" = debian ]
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
