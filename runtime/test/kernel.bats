#!/usr/bin/env bats
# What boot loaders of cloud images would boot, and taking it out of their disks. Needs
# grub-fstest, qemu-img, sfdisk, mke2fs, mkfs.xfs and mkfs.btrfs, and no container engine.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154,SC2317

setup() {
  start_us=${EPOCHREALTIME/[.,]/}
  here=$BATS_TEST_DIRNAME/..
  for part in say env user publisher fetch kernel disk template; do
    # shellcheck source=/dev/null
    source "$here/$part.sh"
  done
  loaders=$BATS_TEST_DIRNAME/boot-loaders
  run=$BATS_TEST_TMPDIR/run
  guest=$BATS_TEST_TMPDIR/guest
  tree=$BATS_TEST_TMPDIR/tree
  IMAGE_CACHE=$BATS_TEST_TMPDIR/images
  IMAGE_DIR=$BATS_TEST_TMPDIR/mounted
  mkdir "$run" "$guest" "$tree" "$IMAGE_CACHE" "$IMAGE_DIR"
  env_defaults
  boot=firmware rung=direct
  files=grub.cfg
  variables=()
}

# grub CONFIG [ENTRY…]: what GRUB would boot, with the lines of $variables as its own.
grub() {
  printf '# GRUB Environment Block\n' >"$run/grubenv"
  if ((${#variables[@]})); then
    printf '%s\n' "${variables[@]}" >>"$run/grubenv"
    files+=' grubenv'
  fi
  printf '######' >>"$run/grubenv"
  (printf '#\n' && cat "$1") >"$run/config"
  awk -v files="$files" -f "$here/grub.awk" "$run/grubenv" "$run/config" "${@:2}"
}

# boots LINE…: of what was found.
boots() {
  [ "$found" = "$(printf '%s\n' "$@")" ] || {
    echo "$found"
    return 1
  }
}

# refuses LINES TEXT: a configuration of these lines.
refuses() {
  printf '%s\n' "$1" >"$run/refused.cfg"
  found=$(grub "$run/refused.cfg")
  [[ $found == "refused "*"$2"* ]] || {
    echo "$found"
    return 1
  }
}

entry='menuentry a { linux /boot/vmlinuz root=/dev/vda1
  initrd /boot/initrd
}'

@test "Debian's first entry is booted" {
  found=$(grub "$loaders/debian12.cfg")
  boots 'image /boot/vmlinuz-6.1.0-18-cloud-amd64' 'linux /boot/vmlinuz-6.1.0-18-cloud-amd64' 'initrd /boot/initrd.img-6.1.0-18-cloud-amd64' \
    'options root=PARTUUID=abc ro console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200 consoleblank=0'
}

@test "an entry of a menu below is booted where the boot loader was told so" {
  sed 's/set default="0"/set default="${saved_entry}"/' "$loaders/debian12.cfg" >"$run/saved.cfg"
  variables=('saved_entry=others-1234>mend-1234')
  found=$(grub "$run/saved.cfg")
  [[ $found == *'options root=PARTUUID=abc ro single' ]]
  variables=('saved_entry=1>0')
  found=$(grub "$run/saved.cfg")
  [[ $found == *'options root=PARTUUID=abc ro adv' ]]
  variables=('saved_entry=gone')
  found=$(grub "$run/saved.cfg")
  [[ $found == *'consoleblank=0' ]]
  variables=('saved_entry=1')
  found=$(grub "$run/saved.cfg")
  [ "$found" = 'refused its default entry is a menu' ]
}

@test "Ubuntu's entry is booted by the branch that GRUB takes" {
  found=$(grub "$loaders/ubuntu.cfg")
  boots 'image /boot/vmlinuz-5.15.0' 'linux /boot/vmlinuz-5.15.0' 'initrd /boot/microcode.cpio' \
    'options root=PARTUUID=PARTITION ro console=tty1 console=ttyS0 panic=-1'
  variables=('initrdfail=1')
  found=$(grub "$loaders/ubuntu.cfg")
  boots 'image /boot/vmlinuz-5.15.0' 'linux /boot/vmlinuz-5.15.0' 'initrd /boot/initrd.img-5.15.0' \
    'options root=PARTUUID=PARTITION ro console=tty1 console=ttyS0'
}

@test "CentOS 7's entry of 16-bit commands is booted, by its title" {
  variables=('saved_entry=CentOS Linux (3.10.0) 7 (Core)')
  found=$(grub "$loaders/centos7.cfg")
  boots 'image /boot/vmlinuz-3.10.0' 'linux /boot/vmlinuz-3.10.0' 'initrd /boot/initramfs-3.10.0.img' \
    'options root=UUID=FILESYSTEM ro console=tty0 console=ttyS0,115200n8 crashkernel=auto net.ifnames=0'
}

# make_entries: three of Fedora's.
make_entries() {
  local version
  mkdir "$run/entries"
  for version in 0-rescue 6.9.12-200.fc40.x86_64 6.10.3-200.fc40.x86_64; do
    printf '#\ntitle Fedora (%s)\nversion %s\nlinux /vmlinuz-%s\ninitrd /initramfs-%s.img $tuned_initrd\noptions $kernelopts $tuned_params\ngrub_class fedora\n' \
      "$version" "$version" "$version" "$version" >"$run/entries/mid-$version.conf"
  done
}

@test "of Fedora's entries the newest is booted, or the one that was chosen, with the variables of old ones" {
  make_entries
  found=$(grub "$loaders/fedora.cfg" "$run"/entries/*.conf)
  boots 'image ($root)/vmlinuz-6.10.3-200.fc40.x86_64' 'linux /vmlinuz-6.10.3-200.fc40.x86_64' 'initrd /initramfs-6.10.3-200.fc40.x86_64.img' \
    'options root=UUID=SYSTEM ro console=ttyS0'
  variables=('saved_entry=mid-6.9.12-200.fc40.x86_64' 'kernelopts=root=UUID=OTHER ro rootflags=subvol=root')
  found=$(grub "$loaders/fedora.cfg" "$run"/entries/*.conf)
  boots 'image ($root)/vmlinuz-6.9.12-200.fc40.x86_64' 'linux /vmlinuz-6.9.12-200.fc40.x86_64' 'initrd /initramfs-6.9.12-200.fc40.x86_64.img' \
    'options root=UUID=OTHER ro rootflags=subvol=root'
}

@test "Alpine's entry is booted as EXTLINUX does" {
  found=$(awk -v folder=/boot -f "$here/syslinux.awk" "$loaders/extlinux.conf")
  boots 'image vmlinuz-virt' 'linux /boot/vmlinuz-virt' 'initrd /boot/initramfs-virt' \
    'options root=UUID=SYSTEM modules=ext4 quiet initrd=initramfs-virt'
}

@test "what only firmware knows decides about no kernel" {
  refuses "if sleep 1; then
    set default=1
fi
$entry" 'its default entry depends on its firmware'
  refuses "if keystatus --shift; then
$entry
fi
$entry" 'what is in its menu depends on its firmware'
  refuses 'menuentry a { if hwmatch x; then linux /boot/a; else linux /boot/b; fi
}' 'which kernel it boots depends on its firmware'
  refuses 'probe --set uuid -u $root
menuentry a {
linux /boot/vmlinuz root=UUID=$uuid
}' "its kernel's command line depends on its firmware"
  printf '%s\n' 'if sleep 1; then set timeout=5; else set timeout=0; fi' "$entry" >"$run/fine.cfg"
  found=$(grub "$run/fine.cfg")
  [[ $found == *'linux /boot/vmlinuz'* ]]
}

@test "what is not in one file, or is no Linux, is not understood" {
  refuses 'source /boot/other.cfg' 'goes on in another file'
  files='grub.cfg custom.cfg'
  found=$(grub "$loaders/debian12.cfg")
  [ "$found" = 'refused its configuration goes on in another file' ]
  files=grub.cfg
  refuses 'menuentry a { chainloader +1
}' 'boots no Linux by itself'
  refuses 'menuentry a { true
}' 'names no kernel'
  refuses '' 'has no entry'
  refuses 'menuentry a { linux /boot/vmlinuz' 'not closed'
  refuses "echo 'it" 'not closed'
  refuses 'fi' 'not well-formed'
  refuses 'menuentry a { linux /boot/vmlinuz quiet="a\"b"
}' 'quotation marks'
}

@test "a path leads nowhere else than to the disk" {
  local path
  for path in '(host)/etc/shadow' '(proc)/x' '(hd1)/vmlinuz' '/../etc/shadow' '/boot/../../x' 'vmlinuz' '/a b' '/boot/`id`'; do
    refuses "menuentry a { linux \"$path\"
}" 'path of its kernel or initrd is not understood'
    refuses "menuentry a { linux /vmlinuz
initrd \"$path\"
}" 'path of its kernel or initrd is not understood'
  done
}

@test "a configuration of nonsense comes to an end" {
  head -c 200000 /dev/urandom >"$run/noise"
  run timeout 60 "$BASH" -c 'awk -v files= -f "$1/grub.awk" "$2" "$2"; true' - "$here" "$run/noise"
  [ "$status" -eq 0 ]
  for _ in {1..3000}; do printf 'if [ a = a -o b ]; then submenu x {\n'; done >"$run/deep"
  found=$(timeout 60 awk -v files= -f "$here/grub.awk" "$run/grubenv" "$run/deep" 2>/dev/null) || :
  [[ $found != *linux* ]]
  printf 'function a { b; }\nfunction b { a; }\na\n%s\n' "$entry" >"$run/loop"
  printf '#\n' >"$run/grubenv"
  found=$(timeout 60 awk -v files= -f "$here/grub.awk" "$run/grubenv" "$run/loop")
  [[ $found == refused* ]]
}

# --- disks ---------------------------------------------------------------------

# fake_kernel FILE: what has the header of one.
fake_kernel() {
  head -c 20000 /dev/urandom >"$1"
  printf '\x55\xaa\xeb\x66HdrS' | dd of="$1" bs=1 seek=510 conv=notrunc status=none
}

# make_tree BOOT: a system's files, its kernel's under BOOT.
make_tree() {
  mkdir -p "$tree$1/grub"
  fake_kernel "$tree$1/vmlinuz-1"
  ln -s vmlinuz-1 "$tree$1/vmlinuz"
  head -c 30001 /dev/urandom >"$tree$1/initrd"
  printf 'menuentry a {\n linux %s/vmlinuz root=/dev/vda1 ro\n initrd %s/initrd\n}\n' "$1" "$1" >"$tree$1/grub/grub.cfg"
}

# keep_disk FILE…: file systems, as the partitions of an image in the cache.
keep_disk() {
  local part start=2048 disk=$BATS_TEST_TMPDIR/disk id size
  rm -f "$disk"
  truncate -s 1M "$disk"
  for part; do
    cat "$part" >>"$disk"
  done
  truncate -s +1M "$disk"
  {
    echo 'label: gpt'
    for part; do
      size=$(($(stat -c %s "$part") / 512))
      echo "start=$start,size=$size,type=L"
      start=$((start + size))
    done
  } | sfdisk -q "$disk"
  qemu-img convert -O qcow2 "$disk" "$BATS_TEST_TMPDIR/qcow2"
  id=$(sha256sum <"$BATS_TEST_TMPDIR/qcow2")
  base=$IMAGE_CACHE/${id%% *}
  mv "$BATS_TEST_TMPDIR/qcow2" "$base"
}

make_ext4() {
  truncate -s 32M "$1"
  mke2fs -q -F -t ext4 -d "$tree" "$1"
}

# is_taken BOOT_IMAGE TREE_FOLDER: the kernel, padded initrd and command line.
is_taken() {
  kernel_find
  [ -n "$kernel_folder" ] || {
    echo "$kernel_why"
    return 1
  }
  cmp "$kernel_folder/kernel" "$tree$2/vmlinuz-1"
  cmp -n 30001 "$kernel_folder/initrd" "$tree$2/initrd"
  [ "$(stat -c %s "$kernel_folder/initrd")" -eq 30004 ]
  [ "$(cat "$kernel_folder/options")" = "BOOT_IMAGE=$1 root=/dev/vda1 ro" ]
  [ "$(find "$IMAGE_CACHE" -name 'disk' -o -name '*.new')" = '' ]
}

@test "a kernel is taken out of ext4, once" {
  make_tree /boot
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  is_taken /boot/vmlinuz /boot
  kernel_keep() { false; }
  is_taken /boot/vmlinuz /boot
  kernel_arguments
  [ "${qemu_arguments[*]}" = "-kernel $kernel_folder/kernel -initrd $kernel_folder/initrd -append BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro console=tty0 console=ttyS0 -action reboot=shutdown" ]
}

@test "a kernel is taken out of a partition of its own, before the system's" {
  make_tree ''
  make_ext4 "$run/ext4"
  mkdir "$BATS_TEST_TMPDIR/system"
  tree=$BATS_TEST_TMPDIR/system make_ext4 "$run/system"
  keep_disk "$run/system" "$run/ext4"
  is_taken /vmlinuz ''
}

@test "entries of the Boot Loader Specification are read from the disk" {
  make_tree ''
  mkdir -p "$tree/grub2" "$tree/loader/entries"
  cp "$loaders/fedora.cfg" "$tree/grub2/grub.cfg"
  rm -r "$tree/grub"
  printf 'title One\nlinux /vmlinuz-1\ninitrd /initrd\noptions root=/dev/vda1 ro\n' >"$tree/loader/entries/mid-1.conf"
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  is_taken '(hd0,gpt1)/vmlinuz-1' ''
}

@test "a kernel is taken out of xfs" {
  make_tree /boot
  printf '%s\n' boot 0 0 'd--755 0 0' 'boot d--755 0 0' 'grub d--755 0 0' "grub.cfg ---644 0 0 $tree/boot/grub/grub.cfg" '$' \
    "vmlinuz-1 ---644 0 0 $tree/boot/vmlinuz-1" 'vmlinuz l--777 0 0 vmlinuz-1' "initrd ---644 0 0 $tree/boot/initrd" '$' '$' >"$run/proto"
  truncate -s 320M "$run/xfs"
  mkfs.xfs -q -p "$run/proto" "$run/xfs"
  keep_disk "$run/xfs"
  is_taken /boot/vmlinuz /boot
}

@test "a kernel is taken out of btrfs, and of a subvolume" {
  make_tree /boot
  mkdir "$tree/@"
  mv "$tree/boot" "$tree/@/boot"
  truncate -s 128M "$run/btrfs"
  mkfs.btrfs -q --rootdir "$tree" "$run/btrfs" >/dev/null
  keep_disk "$run/btrfs"
  is_taken /boot/vmlinuz /@/boot
}

# is_refused TEXT: and it is not looked for again.
is_refused() {
  kernel_find
  [ -z "$kernel_folder" ]
  [[ $kernel_why == *"$1"* ]] || {
    echo "$kernel_why"
    return 1
  }
  rung=firmware
  run kernel_say
  [[ $output == *' kernel: left to the boot loader: '*"$1"* ]]
  kernel_keep() { false; }
  kernel_why=
  kernel_find
  [[ $kernel_why == *"$1"* ]]
  unset -f kernel_keep
  # shellcheck source=/dev/null
  source "$here/kernel.sh"
  [ "$(find "$IMAGE_CACHE" -name disk -o -name kernel -o -name '*.new')" = '' ]
}

@test "a disk that is not understood is left to its boot loader, with the reason" {
  make_tree /boot
  mv "$tree/boot/grub" "$tree/boot/other"
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  is_refused 'no configuration of GRUB or SYSLINUX is found'
  mv "$tree/boot/other" "$tree/boot/grub"
  echo 'source /x' >>"$tree/boot/grub/grub.cfg"
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  is_refused 'in /boot/grub/grub.cfg of its disk, its configuration goes on in another file'
  head -c 8000000 /dev/urandom >"$run/noise"
  keep_disk "$run/noise"
  is_refused 'no configuration of GRUB or SYSLINUX is found'
}

@test "what is no kernel, or too large, is not taken" {
  make_tree /boot
  head -c 20000 /dev/urandom >"$tree/boot/vmlinuz-1"
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  is_refused '/boot/vmlinuz of its disk is no Linux kernel'
  fake_kernel "$tree/boot/vmlinuz-1"
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  kernel_initrd_most=20000
  is_refused '/boot/initrd of its disk cannot be read, or has more than'
  echo '#' >>"$tree/boot/grub/grub.cfg"
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  kernel_disk_most=10000
  is_refused 'its disk holds more than'
}

@test "a disk that takes too long to read is left to its boot loader" {
  make_tree /boot
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  kernel_seconds=0 SECONDS=0
  kernel_find
  [ "$kernel_why" = "its disk could not be read within 0 s" ]
}

@test "without room nothing is kept, and the next run tries again" {
  make_tree /boot
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  df() { printf 'Avail\n1000\n'; }
  kernel_find
  [[ $kernel_why == *'there is no room in '*' to read its disk' ]]
  [ "$(find "$IMAGE_CACHE" -name '.boot-*')" = '' ]
  unset -f df
  is_taken /boot/vmlinuz /boot
}

@test "what was damaged is not used, and what belongs to no image is removed" {
  make_tree /boot
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  is_taken /boot/vmlinuz /boot
  local one=$kernel_folder
  chmod u+w "$one/kernel"
  printf x | dd of="$one/kernel" bs=1 seek=9000 conv=notrunc status=none
  kernel_find
  [[ $kernel_why == *' is damaged; remove it' ]]
  rm "$base"
  echo '# another' >>"$tree/boot/grub/grub.cfg"
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  is_taken /boot/vmlinuz /boot
  [ ! -e "$one" ]
}

@test "a disk of an earlier run, BOOT=cold and images elsewhere are left to their boot loaders" {
  make_tree /boot
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  BOOT=cold kernel_find
  [ "$(find "$IMAGE_CACHE" -name '.boot-*')" = '' ]
  kernel_find
  kernel_fits
  : >"$IMAGE_DIR/local_image.qcow2"
  [ "$(kernel_fits || echo no)" = no ]
  kernel_fits || [[ $kernel_why == *'holds the disk of an earlier run'* ]]
  base=$run/ext4
  kernel_find
  [[ $kernel_why == *'fetched or unpacked into IMAGE_CACHE alone' ]]
}

@test "an image whose guest came to nothing so is left to its boot loader from then on" {
  make_tree /boot
  make_ext4 "$run/ext4"
  keep_disk "$run/ext4"
  is_taken /boot/vmlinuz /boot
  kernel_fell='booted without the boot loader, it came to nothing (guest-panic)'
  kernel_remember
  kernel_fell=
  kernel_find
  [ "$kernel_why" = 'a guest that was booted without the boot loader, it came to nothing (guest-panic)' ]
}
