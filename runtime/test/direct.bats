#!/usr/bin/env bats
# Cloud images whose boot loader is GRUB, booted without it. Needs Docker, virtainers/debian:12,
# and what cloud-image --grub needs.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  make_volumes virtainers-bats-direct-$$
  docker volume create "$volume-images" >/dev/null
  export served=$BATS_FILE_TMPDIR/served
  mkdir "$served"
  printf '%s\n' 'set default=0' 'set timeout=0' "menuentry 'Debian' {" "  set root='hd0,msdos1'" \
    '  linux /vmlinuz root=/dev/vda2 rw console=ttyS0 quiet mitigations=off nowatchdog panic=-1' '  initrd /initrd' '}' >"$served/grub.cfg"
  "$BATS_TEST_DIRNAME/cloud-image" --grub "$served/grub.cfg" "$served/known.qcow2"
  # What a menu's entry depends on here, GRUB alone can tell.
  sed -i "s/^menuentry/if sleep 0; then\nmenuentry/; \$s/\$/\nfi/" "$served/grub.cfg"
  "$BATS_TEST_DIRNAME/cloud-image" --grub "$served/grub.cfg" "$served/unknown.qcow2"
  serve "$served"
}

teardown_file() {
  end_server
  remove_volumes
  docker volume rm -f "$volume-images" >/dev/null
}

setup() {
  image=$namespace/runtime
  name=virtainers-bats-direct-$BATS_TEST_NUMBER-$$
}

teardown() {
  remove_containers
}

# cloud SUFFIX FILE OPTION…: a guest of that image.
cloud() {
  guest "$1" -e "IMAGE_URL=$server/$2.qcow2" -v "$volume-images:/images" "${@:3}"
}

# seconds SUFFIX: from QEMU's start to the SSH banner.
seconds() {
  docker logs "$name-$1" 2>&1 | sed -nE 's/^virtainers: \+([0-9.]+)s (qemu|ready): .*/\1/p' |
    awk 'NR == 1 { start = $1 } END { printf "%.1f", $1 - start }'
}

# can_be_asked SUFFIX COMMAND: what the guest, which boots, answers at last.
can_be_asked() {
  local deadline=$((SECONDS + 900))
  until in_guest "$1" "$2" 2>/dev/null; do
    ((SECONDS < deadline))
    sleep 2
  done
}

# bats test_tags=long
@test "without its boot loader a guest is what it is with it, and again when it boots again" {
  local what='uname -r; cat /proc/cmdline' marked
  cloud direct known -e BOOT=direct
  wait_for direct ' rung: direct: asked for with BOOT=direct' 120
  wait_for direct ' kernel: /vmlinuz, without firmware and boot loader' 20
  wait_for direct ' qemu: started, direct boot' 60
  wait_for direct ' ready: ' 300
  in_guest direct "$what" >"$BATS_TEST_TMPDIR/direct"
  in_guest direct 'sudo touch /marker; sync'
  local direct_seconds
  direct_seconds=$(seconds direct)
  in_guest direct '(sleep 1; sudo systemctl reboot) >/dev/null 2>&1 &'
  wait_for direct ' rung: firmware: the guest boots again' 120
  wait_for direct ' qemu: started, firmware boot' 20
  marked=$(can_be_asked direct "ls /marker; $what")
  [ "$marked" = "/marker"$'\n'"$(cat "$BATS_TEST_TMPDIR/direct")" ]
  [ "$(docker exec "$name-direct" cat /run/virtainers/state)" = ready ]
  docker rm -f "$name-direct" >/dev/null
  cloud cold known -e BOOT=cold
  wait_for cold ' qemu: started, firmware boot' 60
  wait_for cold ' ready: ' 300
  [ "$(in_guest cold "$what")" = "$(cat "$BATS_TEST_TMPDIR/direct")" ]
  echo "# to the banner: without the boot loader $direct_seconds s, with it $(seconds cold) s" >&3
}

@test "what was taken out of an image is there for its next guest, but for none with a disk of an earlier one" {
  docker volume create "$volume-data" >/dev/null
  docker run --rm --user 0 -v "$volume-data:/mounted" --entrypoint chown "$image" 1000 /mounted
  cloud one known -e BOOT=direct -v "$volume-data:/mounted"
  wait_for one ' qemu: started, direct boot' 120
  docker rm -f "$name-one" >/dev/null
  cloud other known -e BOOT=direct
  wait_for other ' qemu: started, direct boot' 120
  run docker logs "$name-other"
  [[ $output != *' kernel: looking for it in '* ]]
  docker rm -f "$name-other" >/dev/null
  cloud two known -e BOOT=direct -v "$volume-data:/mounted"
  wait_for two ' kernel: left to the boot loader: /mounted holds the disk of an earlier run' 120
  wait_for two ' qemu: started, firmware boot' 60
  docker rm -f "$name-two" >/dev/null
  docker volume rm -f "$volume-data" >/dev/null
}

# bats test_tags=long
@test "an image whose configuration is not understood boots by its boot loader, and says why" {
  cloud one unknown
  wait_for one ' kernel: left to the boot loader: in /grub/grub.cfg of its disk, what is in its menu depends on its firmware' 120
  wait_for one ' qemu: started, firmware boot' 60
}

# bats test_tags=long
@test "a guest that does not come up without its boot loader begins anew with it, and no other tries" {
  cloud one known -e BOOT=direct
  wait_for one ' qemu: started, direct boot' 120
  docker rm -f "$name-one" >/dev/null
  # A kernel that finds no system.
  docker run --rm --user 0 --entrypoint bash -v "$volume-images:/images" "$image" -c \
    'cd /images/.boot-*[0-9a-f]/ && [ ! -e refused ] && sed -i "s|root=.*|root=/dev/none rdinit=/none console=ttyS0 panic=0|" options && sha256sum kernel initrd options path >sums'
  cloud two known -e BOOT=direct
  wait_for two ' qemu: started, direct boot' 120
  wait_for two ' rung: firmware: booted without the boot loader, it ' 200
  wait_for two ' ready: ' 300
  docker rm -f "$name-two" >/dev/null
  cloud three known -e BOOT=direct
  wait_for three ' kernel: left to the boot loader: a guest that was booted without the boot loader, it ' 120
}
