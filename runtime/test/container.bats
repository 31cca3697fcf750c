#!/usr/bin/env bats
# The contract, on a real engine: how a virtainer takes orders, and how it fails.
# Needs Docker and the image virtainers/debian:12 (images/build debian:12).
# shellcheck disable=SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  guest_files=$BATS_FILE_TMPDIR/guest
  local container
  container=$(docker create "$image")
  docker cp -q "$container:/guest" "$guest_files" || docker cp "$container:/guest" "$guest_files"
  docker rm "$container" >/dev/null
  export guest_files
}

setup() {
  name=virtainers-bats-$BATS_TEST_NUMBER-$$
  vm=$name-vm
}

teardown() {
  remove_containers
}

# virtainer OPTION…: runs one to its end with no rights, merges its output.
virtainer() {
  docker run --name "$vm" --cap-drop ALL --security-opt no-new-privileges --user 1000 \
    -e ACCEL=tcg "$@" "$image" 2>&1
}

start() {
  docker run -d --name "$vm" --cap-drop ALL --security-opt no-new-privileges --user 1000 \
    -e ACCEL=tcg "$@" "$image" >/dev/null
}

exit_status() {
  docker wait "$vm"
}

# other_guest: a folder to mount on /guest, as in the image but for the disk.
other_guest() {
  local folder=$BATS_TEST_TMPDIR/guest
  mkdir "$folder"
  cp "$guest_files"/{vmlinuz,initrd,guest.env} "$folder"
  echo "$folder"
}

@test "a bad variable ends it at once with status 64" {
  run virtainer -e RAM=lots
  [ "$status" -eq 64 ]
  [[ $output == *'failed: usage: RAM must be a number of MB'* ]]
}

@test "more memory than the host has is refused" {
  run virtainer -e RAM=99999999
  [ "$status" -eq 64 ]
  [[ $output == *'more than the'*'MB of the host'* ]]
}

@test "a root that is read-only says which places it wants, with status 77, and boots with them" {
  run virtainer --read-only
  [ "$status" -eq 77 ]
  local wanted='--tmpfs /run/virtainers:uid=1000,mode=755 --tmpfs /mounted:uid=1000,mode=755'
  [[ $output == *"failed: rights: "*"$wanted" ]]
  docker rm "$vm" >/dev/null
  # shellcheck disable=SC2086
  start --read-only $wanted -v "$key.pub:/tmp/id_rsa.pub:ro"
  wait_for vm 'qemu: started' 60
}

@test "folders that are mounted read-only are said, with status 77" {
  run virtainer -v "$BATS_TEST_TMPDIR:/mounted:ro"
  [ "$status" -eq 77 ]
  [[ $output == *'failed: rights: /mounted is mounted read-only; mount it without ":ro"'* ]]
  docker rm "$vm" >/dev/null
  image=$namespace/runtime
  run virtainer -v "$BATS_TEST_TMPDIR:/images:ro" -e IMAGE_URL=http://127.0.0.1:9/none.qcow2
  [ "$status" -eq 77 ]
  [[ $output == *'failed: rights: /images is mounted read-only; mount it without ":ro"'* ]]
}

@test "a guest that comes to the limit of the container's memory ends with that limit's name, with status 70" {
  run virtainer --memory 150m --memory-swap 150m
  [ "$status" -eq 70 ]
  [[ $output == *'failed: qemu-failed: QEMU was killed: the container may use 150 MB of memory (--memory), and RAM=1024 MB'* ]]
  [[ $output != *'.sh: line '* ]]
}

@test "QEMU that somebody kills within the container's limit is not said to have come to it" {
  start --memory 2g -v "$key.pub:/tmp/id_rsa.pub:ro"
  wait_for vm ' qemu: started' 60
  docker exec --user 1000 "$name-vm" bash -c 'cd /proc; for process in [0-9]*; do ! grep -q ^qemu-system $process/comm || kill -KILL $process; done' || :
  [ "$(timeout 60 docker wait "$name-vm")" -eq 70 ]
  run docker logs "$name-vm"
  [[ $output == *'failed: qemu-failed: QEMU was killed, by somebody or for want of memory on the host'* ]]
}

@test "a limit of memory that is too small, and a variable that is nearly one, are warned about" {
  start --memory 400m -e RAM=1024 -e RAMM=4096 -v "$key.pub:/tmp/id_rsa.pub:ro"
  wait_for vm 'warning: the container may use 400 MB of memory (--memory), and RAM=1024 MB' 60
  wait_for vm 'warning: the variable RAMM is none of a virtainer.s and does nothing; RAM was meant?' 60
}

@test "a disk that is no qcow2 is refused with status 65" {
  folder=$(other_guest)
  echo 'no disk at all' >"$folder/disk.qcow2"
  run virtainer -v "$folder:/guest:ro"
  [ "$status" -eq 65 ]
}

@test "a direct boot without kernel is refused with status 66" {
  folder=$(other_guest)
  rm "$folder/vmlinuz"
  qemu-img create -q -f qcow2 "$folder/disk.qcow2" 64M
  run virtainer -v "$folder:/guest:ro"
  [ "$status" -eq 66 ]
}

@test "the runtime without a guest says what to do, with status 66" {
  image=$namespace/runtime
  run virtainer
  [ "$status" -eq 66 ]
  [[ $output == *'mount a disk image on /image'* ]]
}

@test "ACCEL=kvm without KVM says why, with status 69" {
  run virtainer -e ACCEL=kvm
  [ "$status" -eq 69 ]
  [[ $output == *'/dev/kvm'* ]]
}

@test "a kernel panic is noticed, with status 71" {
  folder=$(other_guest)
  qemu-img create -q -f qcow2 "$folder/disk.qcow2" 64M
  run virtainer -v "$folder:/guest:ro"
  [ "$status" -eq 71 ]
  [[ $output == *'panic'* ]]
}

@test "no room for the guest's writes is said, with status 73" {
  run virtainer --tmpfs /mounted:rw,size=1m,uid=1000 -e CPU=2 -e BOOT_TIMEOUT=120
  [ "$status" -eq 73 ]
}

@test "a guest without sshd meets its deadline, with status 75" {
  folder=$(other_guest)
  cp "$guest_files/disk.qcow2" "$folder/"
  sed -i "s/root=/systemd.mask=ssh.service root=/" "$folder/guest.env"
  run virtainer -v "$folder:/guest:ro" -e CPU=2 -e BOOT_TIMEOUT=30
  [ "$status" -eq 75 ]
}

@test "user-data that is not for cloud-init is refused before the boot" {
  echo 'packages: [git]' >"$BATS_TEST_TMPDIR/user-data"
  run virtainer -v "$BATS_TEST_TMPDIR/user-data:/tmp/user-data:ro"
  [ "$status" -eq 64 ]
}

@test "an owner that dies ends its virtainer, with status 79" {
  run virtainer -e LEASE=3
  [ "$status" -eq 79 ]
}

@test "the end of QEMU is the end of the container, with status 70" {
  start
  wait_for vm 'qemu: started' 20
  docker exec "$vm" bash -c 'kill -SEGV $(cat /proc/[0-9]*/stat | awk "\$2 ~ /qemu-system/ {print \$1}")'
  [ "$(exit_status)" -eq 70 ]
}

@test "a port that another has in the same network is a sentence, with status 70" {
  docker run -d --name "$name-other" --cap-drop ALL --user 1000 -e ACCEL=tcg "$image" >/dev/null
  wait_for other 'qemu: started' 20
  run virtainer --network "container:$name-other"
  [ "$status" -eq 70 ]
  [[ $output == *' failed: qemu-failed: port '*' of the container is taken by another that shares its network; give this one a network of its own'* ]]
}

@test "a stop while booting ends with status 0" {
  start -e STOP_TIMEOUT=2
  wait_for vm 'qemu: started' 20
  docker stop -t 9 "$vm" >/dev/null
  [ "$(exit_status)" -eq 0 ]
}

@test "the image lists the packages that it holds, those of which it has a part too" {
  run docker run --rm --entrypoint bash "$image" -c 'dpkg-query -W -f "\${Package}\t\${Version}\t\${Architecture}\t\${source:Package}\t\${source:Version}\n" |
    grep -vxFf /usr/share/virtainers/packages; cut -f 1 /usr/share/virtainers/packages'
  # Nothing before the first of them: each that is installed is in the list.
  [[ ${lines[0]} == *[a-z]* && ${lines[0]} != *$'\t'* ]]
  [[ $'\n'$output$'\n' == *$'\ngrub-common\n'* && $'\n'$output$'\n' == *$'\nnovnc\n'* ]]
}

@test "boots without rights, as nobody, with its sandbox on, and powers off when asked" {
  start -v "$key.pub:/tmp/id_rsa.pub:ro" -e CPU=2 -e STOP_TIMEOUT=60
  wait_for vm ' ready: ' 240
  address=$(address vm)
  # Whoever reads the log can pin the guest's host key.
  docker logs "$vm" 2>&1 | sed -n "s/.* hostkey: /$address /p" >"$BATS_TEST_TMPDIR/known_hosts"
  ssh_to_guest() {
    ssh -i "$key" -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$BATS_TEST_TMPDIR/known_hosts" \
      "debian@$address" "$@"
  }
  [ "$(ssh_to_guest nproc)" = 2 ]
  [ "$(ssh_to_guest hostname)" = "$(docker inspect -f '{{.Config.Hostname}}' "$vm")" ]
  [ "$(ssh_to_guest systemctl --failed --no-legend)" = '' ]
  # The image's list of its disk's packages is true.
  [ "$(ssh_to_guest 'dpkg-query -W -f "\${Package} \${Version}\n" | LC_ALL=C sort')" = \
    "$(docker exec "$vm" cut -f 1,2 --output-delimiter ' ' /guest/packages | LC_ALL=C sort)" ]
  # On a busy host the serial console comes later than systemd waits by itself, which is 90 s.
  local limits='systemctl show -p JobRunningTimeoutUSec --value dev-ttyS0.device; systemctl show -p TimeoutStartUSec --value systemd-logind'
  [ "$(ssh_to_guest "$limits")" = $'30min\n30min' ]
  [ "$(ssh_to_guest 'sudo passwd -S debian | cut -d" " -f2')" = L ]
  # PID 1 and QEMU are uid 1000, have no capability, and cannot gain any; QEMU has its filter of calls.
  local qemu process
  qemu=$(docker exec "$vm" bash -c 'cat /proc/[0-9]*/stat | awk "\$2 ~ /qemu-system/ {print \$1; exit}"')
  for process in 1 "$qemu"; do
    docker exec "$vm" grep -hE '^(Uid|CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp):' "/proc/$process/status" |
      tr -s '[:blank:]' ' ' >"$BATS_TEST_TMPDIR/rights"
    grep -q '^Uid: 1000 1000 1000 1000' "$BATS_TEST_TMPDIR/rights"
    grep -q '^CapPrm: 0000000000000000' "$BATS_TEST_TMPDIR/rights"
    grep -q '^CapEff: 0000000000000000' "$BATS_TEST_TMPDIR/rights"
    grep -q '^CapBnd: 0000000000000000' "$BATS_TEST_TMPDIR/rights"
    grep -q '^NoNewPrivs: 1' "$BATS_TEST_TMPDIR/rights"
  done
  grep -q '^Seccomp: 2' "$BATS_TEST_TMPDIR/rights"
  run docker exec "$vm" bash -c "tr '\0' ' ' </proc/$qemu/cmdline"
  [[ $output == *' -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny '* ]]
  # Merging equal pages would let one guest measure what another has.
  [[ $output == *',mem-merge=off '* ]]
  docker stop -t 90 "$vm" >/dev/null
  [ "$(exit_status)" -eq 0 ]
  docker logs "$vm" 2>&1 | grep -q 'stopped: the guest is off (guest-shutdown)'
}

# make_apt_repository FOLDER: signed, with a package "virtainers-test"; its key is in FOLDER.asc.
make_apt_repository() {
  local made=$BATS_TEST_TMPDIR/package keys=$BATS_TEST_TMPDIR/gnupg
  mkdir -m 700 "$keys"
  mkdir -p "$1" "$made/DEBIAN"
  printf '%s\n' 'Package: virtainers-test' 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@localhost>' \
    'Description: a package' >"$made/DEBIAN/control"
  dpkg-deb -b "$made" "$1/virtainers-test.deb" >/dev/null
  (
    cd "$1" || return
    dpkg-scanpackages . 2>/dev/null >Packages
    printf 'SHA256:\n %s %s Packages\n' "$(sha256sum Packages | cut -d ' ' -f 1)" "$(stat -c %s Packages)" >Release
    export GNUPGHOME=$keys
    # Its agent would keep bats' own output open.
    gpg --batch --quiet --passphrase '' --quick-generate-key nobody@localhost ed25519 sign never 3>&-
    gpg --batch --quiet --clearsign -o InRelease Release
    gpg --armor --export >"$1.asc"
    gpgconf --kill all
  )
}

# files_to_write FOLDER: as user-data has them, in the same folder of the guest.
files_to_write() {
  local file
  for file in "$1"/*; do
    printf '  - path: %s\n    encoding: b64\n    content: %s\n' "$file" "$(base64 -w 0 "$file")"
  done
}

@test "user-data is applied by cloud-init before it counts as ready, and what fails of it is a warning" {
  make_apt_repository "$BATS_TEST_TMPDIR/apt"
  cat >"$BATS_TEST_TMPDIR/user-data" <<END
#cloud-config
write_files:
  - path: /etc/made-by-user-data
    content: yes it was
$(files_to_write "$BATS_TEST_TMPDIR/apt")
locale: en_US.UTF-8
timezone: Europe/Berlin
apt:
  preserve_sources_list: true
  sources:
    own.list:
      source: deb [signed-by=\$KEY_FILE] file:$BATS_TEST_TMPDIR/apt ./
      key: |
$(sed 's/^/        /' "$BATS_TEST_TMPDIR/apt.asc")
bootcmd:
  - rm -f /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources
packages: [virtainers-test]
runcmd:
  - [touch, /run/last]
  - exit 3
END
  start -v "$key.pub:/tmp/id_rsa.pub:ro" -v "$BATS_TEST_TMPDIR/user-data:/tmp/user-data:ro" -e CPU=2 -e EPHEMERAL=yes
  wait_for vm ' ready: ' 400
  run in_guest vm 'cat /etc/made-by-user-data; echo; ls /run/last; date -d @0 +%H:%M; dpkg-query -W virtainers-test'
  [ "$output" = $'yes it was\n/run/last\n01:00\nvirtainers-test\t1' ]
  docker logs "$vm" 2>&1 | grep ' warning: cloud-init had errors: .*; the guest goes on'
  in_guest vm 'grep -x LANG=.*en_US.UTF-8.* /etc/default/locale && locale -a' | grep -x en_US.utf8
}

@test "STRICT=yes ends a guest in which user-data fails, here of a package that there is not, with status 64" {
  printf '#cloud-config\nbootcmd:\n  - rm -f /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources\npackages: [no-such-package]\n' >"$BATS_TEST_TMPDIR/user-data"
  run virtainer -v "$BATS_TEST_TMPDIR/user-data:/tmp/user-data:ro" -e CPU=2 -e STRICT=yes
  echo "$output"
  [ "$status" -eq 64 ]
  [[ $output == *' failed: '*'cloud-init had errors: '*no-such-package* ]]
}

# bats test_tags=long
@test "user-data that is no YAML fails with a sentence" {
  printf '#cloud-config\na: [b\n' >"$BATS_TEST_TMPDIR/user-data"
  run virtainer -v "$BATS_TEST_TMPDIR/user-data:/tmp/user-data:ro" -e CPU=2 -e BOOT_TIMEOUT=400
  [ "$status" -eq 64 ]
  [[ $output == *'YAML'* ]]
}

@test "with --privileged, as the original wants it, it boots as well" {
  docker run --rm --privileged --entrypoint true "$image" 2>"$BATS_TEST_TMPDIR/why" ||
    skip "PRIVILEGED: SKIPPED, THIS HOST GRANTS NO PRIVILEGED CONTAINERS: $(head -n 1 "$BATS_TEST_TMPDIR/why")"
  docker run -d --name "$vm" --privileged -e ACCEL=tcg -e EPHEMERAL=yes "$image" >/dev/null
  wait_for vm ' ready: ' 240
  docker stop -t 30 "$vm" >/dev/null
  [ "$(exit_status)" = 0 ]
}
