# shellcheck shell=bash
# The kernel of an image that is not prepared: taken out of its disk once, with initrd and
# command line, and kept beside it in IMAGE_CACHE, so that a new guest of it needs neither
# firmware nor boot loader. What is not understood is left to these.

kernel_version=1                  # of what is kept; of another it is taken anew
kernel_folder=                    # where it is; empty where there is none
kernel_why=                       # why there is none
kernel_passing=no                 # yes: that is not for good
kernel_fell=                      # why a guest came to nothing with it
kernel_seconds=180                # for reading a disk,
kernel_until=                     # which is over then, in bash's SECONDS; empty before
kernel_lives=no                   # yes: that guest has written to its disk
kernel_patience=120               # seconds that it has for that
kernel_most=$((64 << 20))         # bytes of a kernel,
kernel_initrd_most=$((512 << 20)) # of its initrd,
kernel_config_most=$((1 << 20))   # of a boot loader's configuration,
kernel_disk_most=$((64 << 30))    # and of all that is on a disk
kernel_disk=                      # the disk, as GRUB's reader takes it
kernel_device=                    # where the boot loader has its configuration: the device,
kernel_boot=                      # the folder of kernels there,
kernel_config=                    # and the file below that

# kernel_find: sets kernel_folder for the image that base is, or kernel_why.
kernel_find() {
  local kept=$IMAGE_CACHE/.boot-${base##*/}
  kernel_folder=''
  [[ $BOOT != cold ]] || return 0
  if [[ ${base%/*} != "$IMAGE_CACHE" ]]; then
    kernel_why='kernels are taken out of images that are fetched or unpacked into IMAGE_CACHE alone'
  else
    if ! kernel_is_kept "$kept" && fetch_may_write; then
      fetch_lock "kernel $base"
      kernel_is_kept "$kept" || kernel_keep "$kept"
      fetch_unlock
    fi
    kernel_check "$kept"
  fi
}

# kernel_say: for a guest that boots.
kernel_say() {
  if kernel_is_alone; then
    say kernel "$(<"$kernel_folder/path"), without firmware and boot loader"
  elif [[ $BOOT != cold && -z $kernel_fell ]]; then
    say kernel "left to the boot loader: $kernel_why"
  fi
}

kernel_is_kept() {
  [[ -r $1/version && $(<"$1/version") == "$kernel_version" ]]
}

# kernel_check FOLDER: sets kernel_folder to it when what it holds is whole.
kernel_check() {
  if [[ ! -d $1 ]]; then
    kernel_why=${kernel_why:-"nobody has looked for it in the image, and $IMAGE_CACHE cannot be written to"}
  elif [[ -s $1/refused ]]; then
    kernel_why=$(<"$1/refused")
  elif kernel_why=$(template_mark_read "${1##*/.boot-}.kernel"); then
    return 0
  elif (cd "$1" && sha256sum --quiet -c sums) >/dev/null 2>&1; then
    kernel_folder=$1
  else
    kernel_why="$1 is damaged; remove it"
  fi
}

# kernel_keep FOLDER: takes the kernel out of base, and keeps it there, or why it cannot be
# taken: all of it, or nothing.
kernel_keep() {
  local new=$1.new
  say kernel "looking for it in ${base##*/}"
  kernel_forget_others
  kernel_why='' kernel_passing=no kernel_until=''
  if ! { rm -rf "$new" && mkdir -p "$new/read"; } 2>/dev/null; then
    kernel_why="there is no writing to $new"
    return
  fi
  if kernel_open_disk "$new/read" && kernel_find_config && kernel_read_config "$new/read"; then
    kernel_take "$new" || rm -f "$new"/{kernel,initrd,options,path}
  fi
  rm -rf "$new/read"
  if [[ -n $kernel_why && -n $kernel_until ]] && ((SECONDS >= kernel_until)); then kernel_why="its disk could not be read within $kernel_seconds s"; fi
  if [[ $kernel_passing == no ]] && kernel_finish "$new" && rm -rf "$1" && mv -T "$new" "$1"; then return; fi
  rm -rf "$new"
  kernel_why=${kernel_why:-"there is no room for it in $IMAGE_CACHE"}
}

kernel_finish() {
  {
    if [[ -n $kernel_why ]]; then
      printf '%s\n' "$kernel_why" >"$1/refused"
    else
      (cd "$1" && sha256sum -- kernel initrd options path >sums)
    fi && printf '%s\n' "$kernel_version" >"$1/version" && chmod 444 "$1"/*
  } 2>/dev/null
}

# kernel_forget_others: removes what was taken out of images that are not here any more.
kernel_forget_others() {
  local kept
  for kept in "$IMAGE_CACHE"/.boot-*; do
    [[ ${kept##*/} =~ ^\.boot-([0-9a-f]{64})$ && ! -e $IMAGE_CACHE/${BASH_REMATCH[1]} ]] || continue
    rm -rf "$kept" 2>/dev/null || :
  done
}

# kernel_refuses WHY: sets kernel_why, and fails.
kernel_refuses() {
  kernel_why=$1
  return 1
}

# --- reading its disk ------------------------------------------------------------

# kernel_open_disk FOLDER: sets kernel_disk, which takes as much room as there is on the
# disk, until it has been read.
kernel_open_disk() {
  local format bytes room
  command -v grub-fstest >/dev/null || {
    kernel_passing=yes
    kernel_refuses 'this image of the runtime has no grub-fstest, which reads disks'
    return
  }
  format=$(image_format "$base")
  kernel_disk=$base kernel_until=$((SECONDS + kernel_seconds))
  [[ $format != raw ]] || return 0
  bytes=$(timeout 60 qemu-img measure -f "$format" -O qcow2 "$base" 2>/dev/null | sed -n 's/^required size: //p')
  if [[ -z $bytes ]] || ((bytes > kernel_disk_most)); then
    kernel_refuses "its disk holds more than $((kernel_disk_most >> 30)) GB"
    return
  fi
  room=$(df --output=avail -B1 "$IMAGE_CACHE" | tail -n 1)
  kernel_disk=$1/disk
  if ((bytes + (1 << 30) > room)) || ! timeout 300 qemu-img convert -f "$format" -O raw "$base" "$kernel_disk" 2>/dev/null; then
    kernel_passing=yes
    kernel_refuses "there is no room in $IMAGE_CACHE to read its disk"
    return
  fi
  kernel_until=$((SECONDS + kernel_seconds))
}

# kernel_reader COMMAND PATH: GRUB's own reader of partitions and file systems. The disk is
# somebody else's, so that who reads it has QEMU's rights, writes to no file, starts no
# other process, and ends.
kernel_reader() (
  left=$((kernel_until - SECONDS))
  ((left > 0)) || exit 1
  ulimit -f 0 -v 4194304 -t 60 -c 0
  exec timeout -s KILL "$left" "${as_qemu[@]}" grub-fstest "$kernel_disk" "$@" 2>/dev/null
)

# kernel_names DEVICE PATH: of what is in a folder, between spaces.
kernel_names() {
  local names
  names=$(kernel_reader ls "$1$2/" | tr -d '\0' | head -c 65536) || :
  names=${names//$'\n'/ }
  echo " ${names//\// } "
}

# kernel_read DEVICE PATH MOST FILE: adds a file of the disk to one here.
kernel_read() {
  local status before=0
  if [[ -e $4 ]]; then before=$(stat -c %s "$4"); fi
  kernel_reader cat "$1$2" | head -c "$(($3 + 1))" >>"$4" && status=${PIPESTATUS[0]} || status=1
  [[ $status == 0 && $(stat -c %s "$4") -gt $before && $(stat -c %s "$4") -le $(($3 + before)) ]]
}

# kernel_find_config: sets kernel_device, kernel_boot and kernel_config to where a boot
# loader's configuration is: on a partition of its own, on that of the system, or in a
# subvolume of it.
kernel_find_config() {
  local device top first names file inner devices
  devices=$(kernel_reader ls | tr ' ' '\n' | grep -xE '\((loop0(,[a-z0-9,]+)?|lvm/[A-Za-z0-9._+-]+)\)' | head -n 32) || :
  for device in $devices; do
    top=$(kernel_names "$device" '')
    for kernel_boot in '' /boot /@/boot /root/boot /@/.snapshots/1/snapshot/boot; do
      first=${kernel_boot#/}
      [[ -z $first || $top == *" ${first%%/*} "* ]] || continue
      names=$top
      if [[ -n $first ]]; then names=$(kernel_names "$device" "$kernel_boot"); fi
      for file in grub2/grub.cfg grub/grub.cfg extlinux/extlinux.conf syslinux/syslinux.cfg extlinux.conf syslinux.cfg; do
        [[ $names == *" ${file%%/*} "* ]] || continue
        inner=$names
        if [[ $file == */* ]]; then inner=$(kernel_names "$device" "$kernel_boot/${file%/*}"); fi
        [[ $inner == *" ${file##*/} "* ]] || continue
        kernel_device=$device kernel_config=$file
        return 0
      done
    done
  done
  kernel_refuses 'no configuration of GRUB or SYSLINUX is found on its disk'
}

# kernel_read_config FOLDER: what the boot loader would boot, in its file "found".
kernel_read_config() {
  local at=$kernel_boot/${kernel_config%/*} name names=() entries=()
  if [[ $kernel_config != */* ]]; then at=$kernel_boot; fi
  # No file is empty, whose beginning would not be seen.
  printf '#\n' | tee "$1/grubenv" >"$1/config"
  kernel_read "$kernel_device" "$kernel_boot/$kernel_config" "$kernel_config_most" "$1/config" || {
    kernel_refuses "$kernel_boot/$kernel_config of its disk cannot be read"
    return
  }
  if [[ $kernel_config == *linux* ]]; then
    timeout 60 awk -v folder="$at" -f "$here/syslinux.awk" "$1/config" >"$1/found" 2>/dev/null || :
  else
    kernel_read "$kernel_device" "$at/grubenv" 65536 "$1/grubenv" || :
    if grep -q blscfg "$1/config"; then
      mkdir "$1/entries"
      read -r -a names < <(kernel_names "$kernel_device" "$kernel_boot/loader/entries") || :
      for name in "${names[@]:0:64}"; do
        [[ $name =~ ^[A-Za-z0-9._+~-]+\.conf$ ]] || continue
        printf '#\n' >"$1/entries/$name"
        if kernel_read "$kernel_device" "$kernel_boot/loader/entries/$name" 65536 "$1/entries/$name"; then
          entries+=("$1/entries/$name")
        fi
      done
    fi
    timeout 60 awk -v files="$(kernel_names "$kernel_device" "$at")" -f "$here/grub.awk" \
      "$1/grubenv" "$1/config" "${entries[@]}" >"$1/found" 2>/dev/null || :
  fi
  if grep -q '^refused ' "$1/found"; then
    kernel_refuses "in $kernel_boot/$kernel_config of its disk, $(sed -n 's/^refused //p;q' "$1/found")"
  elif ! grep -q '^linux ' "$1/found"; then
    kernel_refuses "$kernel_boot/$kernel_config of its disk is not understood"
  fi
}

# kernel_take FOLDER: the files that were found.
kernel_take() {
  local word path image='' options='' linux='' initrds=() device=${kernel_device/(loop0/(hd0}
  while read -r word path; do
    case $word in
      image) image=${path/#"(\$root)"/$device} ;;
      linux) linux=$path ;;
      initrd) initrds+=("$path") ;;
      options) options=$path ;;
    esac
  done <"$1/read/found"
  options="BOOT_IMAGE=$image${options:+ $options}"
  # More than that no kernel reads.
  if ((${#options} > 2000)) || [[ $options == *[![:print:]]* ]]; then
    kernel_refuses "the command line of its kernel is too long, or is no text"
    return
  fi
  if ! { kernel_take_file "$linux" "$kernel_most" "$1/kernel" && kernel_is_kernel "$1/kernel"; }; then
    kernel_refuses "$linux of its disk is no Linux kernel of at most $((kernel_most >> 20)) MB"
    return
  fi
  : >"$1/initrd"
  for path in "${initrds[@]:0:8}"; do
    kernel_take_file "$path" $((kernel_initrd_most - $(stat -c %s "$1/initrd"))) "$1/initrd" || {
      kernel_refuses "$path of its disk cannot be read, or has more than $((kernel_initrd_most >> 20)) MB"
      return
    }
    truncate -s %4 "$1/initrd"
  done
  printf '%s\n' "$options" >"$1/options"
  printf '%s\n' "$linux" >"$1/path"
}

# kernel_take_file PATH MOST FILE: from where the boot loader's paths begin: the device, or
# what it takes for that, a subvolume.
kernel_take_file() {
  kernel_read "$kernel_device" "$1" "$2" "$3" ||
    { [[ $kernel_boot == /*/boot ]] && kernel_read "$kernel_device" "${kernel_boot%/boot}$1" "$2" "$3"; }
}

# kernel_is_kernel FILE: by the header of the kernel's boot protocol.
kernel_is_kernel() {
  [[ $(od -An -tx1 -j 510 -N 8 "$1" | tr -d ' ') == 55aa????48647253 ]]
}

# --- a guest that boots by it ----------------------------------------------------

# kernel_fits: whether the guest can boot by it; what an earlier run left may want another.
kernel_fits() {
  [[ -n $kernel_folder && $BOOT != cold ]] || return 1
  [[ ! -e $IMAGE_DIR/local_image.qcow2 ]] || kernel_refuses "$IMAGE_DIR holds the disk of an earlier run, which may have another"
}

# kernel_is_alone: whether the guest that runs was booted by it.
kernel_is_alone() {
  [[ $boot == firmware && $rung == direct ]]
}

kernel_arguments() {
  local line
  line=$(<"$kernel_folder/options")
  # The guest's console is to be seen, also by who looks at its screen.
  case " $line " in
    *' console=ttyS'*) ;;
    *' console='*) line+=' console=ttyS0' ;;
    *) line+=' console=tty0 console=ttyS0' ;;
  esac
  qemu_arguments+=(-kernel "$kernel_folder/kernel")
  if [[ -s $kernel_folder/initrd ]]; then qemu_arguments+=(-initrd "$kernel_folder/initrd"); fi
  # A guest that boots again has perhaps another kernel, which its boot loader finds.
  qemu_arguments+=(-append "$line" -action "reboot=shutdown")
}

# kernel_can_go_on: whether the guest whose QEMU has ended goes on, by its boot loader.
kernel_can_go_on() {
  kernel_is_alone && [[ -z $stop_by ]] || return 1
  kernel_was_reset || [[ $ready == no && ($qmp_shutdown_reason == guest-panic || -z $qmp_shutdown_reason) ]]
}

kernel_was_reset() {
  [[ $qmp_shutdown_reason == guest-reset || $qmp_shutdown_reason == host-qmp-system-reset ]]
}

kernel_go_on() {
  if ! kernel_was_reset; then
    kernel_fall "it came to nothing (${qmp_shutdown_reason:-$(tail -n 1 "$run/qemu.log")})"
    return
  fi
  qmp_forget
  rung=firmware
  say rung 'firmware: the guest boots again, and its boot loader knows whether with another kernel'
  boot_start
  if [[ $ready == yes ]]; then network_open; fi
}

# kernel_fall REASON: the guest begins anew, by its boot loader.
kernel_fall() {
  kernel_fell="booted without the boot loader, $1"
  boot_forget
  rm -f "$overlay"
  rung=firmware kernel_folder=''
  say rung "firmware: $kernel_fell"
  ladder_climb
}

# kernel_deadline: a guest that has not written to its disk after all that time has lost
# nothing, and has most likely not found it.
kernel_deadline() {
  kernel_is_alone && [[ $kernel_lives == no ]] || return 0
  local now
  since_boot now
  ((now - boot_started_us > kernel_patience * 1000000)) || return 0
  if qmp_ask query-blockstats && jq -e 'any(.[]; .device == "disk" and .stats.wr_operations > 0)' <<<"$qmp_reply" >/dev/null; then
    kernel_lives=yes
  else
    kernel_fall "it had written nothing to its disk after $kernel_patience s"
  fi
}

# kernel_remember: the boot loader did what the kernel alone did not; no other guest tries.
kernel_remember() {
  [[ -n $kernel_fell ]] || return 0
  local kept=$IMAGE_CACHE/.boot-${base##*/} what="a guest that was $kernel_fell"
  { printf '%s\n' "$what" >"$kept/new" && mv -f "$kept/new" "$kept/refused"; } 2>/dev/null ||
    template_mark "${base##*/}.kernel" "$what" || :
}
