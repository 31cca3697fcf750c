# shellcheck shell=bash
# Puts QEMU's arguments together and starts it.

qemu_arguments=()
qemu_pid=

boot_arguments() {
  qemu_arguments=(
    -name "$VM_NAME" -nodefaults -no-user-config -display none
    -machine "q35,vmport=off,usb=off" -smp "$CPU" -m "$RAM"
    -sandbox "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"
    -device virtio-rng-pci -device pvpanic-pci
    # The serial console goes to the container's log, and to who attaches.
    -add-fd "fd=$console_out,set=1"
    -chardev "socket,id=console,path=$run/console.sock,server=on,wait=off,logfile=/dev/fdset/1,logappend=on"
    -serial chardev:console
  )
  accel_arguments
  template_arguments
  disk_arguments
  seed_arguments
  network_arguments
  vnc_arguments
  qmp_arguments
  if [[ $boot == direct ]]; then boot_kernel_arguments; fi
}

boot_kernel_arguments() {
  local GUEST_CMDLINE='' line
  # shellcheck source=/dev/null
  source "$guest/guest.env"
  line="$GUEST_CMDLINE $(vnc_cmdline)console=ttyS0 quiet panic=-1 tsc=reliable no_timer_check random.trust_cpu=on"
  # An emulated processor does not speculate: the guards only cost time there. And
  # one that stands still for seconds belongs to a busy host, and has not locked up.
  if [[ $accel == tcg ]]; then line+=' mitigations=off nowatchdog'; fi
  # A guest that finds out itself how fast its clock counts is wrong by a multiple
  # when the host is busy just then.
  accel_count_tsc
  if [[ -n $tsc_khz ]]; then line+=" tsc_early_khz=$tsc_khz"; fi
  if [[ $disk_of_another == yes ]]; then
    local machine_id
    template_random machine_id 4
    line+=" systemd.machine_id=$machine_id"
  fi
  if [[ $cloud_init == no ]]; then line+=' cloud-init=disabled'; fi
  qemu_arguments+=(
    -kernel "$guest/vmlinuz" -initrd "$guest/initrd" -append "$line"
    # Until it is ready, a guest that resets has failed; see watch.sh.
    -action "reboot=shutdown,panic=shutdown"
  )
}

boot_start() {
  local memory_kb
  read -r _ memory_kb _ </proc/meminfo # its first line is MemTotal
  ((RAM * 1024 <= memory_kb)) || die usage "RAM=$RAM MB is more than the $((memory_kb / 1024)) MB of the host"
  network_prepare
  vnc_prepare
  qmp_prepare
  # A pipe of its own, since QEMU wants a descriptor that can only be written.
  exec {console_out}> >(exec cat)
  console_pid=$!
  boot_arguments
  "${as_qemu[@]}" qemu-system-x86_64 "${qemu_arguments[@]}" </dev/null >/dev/null 2>"$run/qemu.log" &
  qemu_pid=$!
  exec {console_out}>&-
  qmp_send '{"execute":"qmp_capabilities"}'
  state booting
  boot_started_us=${EPOCHREALTIME/[.,]/}
  say qemu "started, $rung boot"
}

# boot_forget: ends a guest that came to nothing, and all that is known of it.
boot_forget() {
  kill -KILL "$qemu_pid" 2>/dev/null || :
  wait "$qemu_pid" 2>/dev/null || :
  exec {qmp_in}>&- {qmp_out}>&- {status_out}>&-
  qmp_shutdown_reason='' qmp_version='' qmp_migration='' qmp_reply=''
  provisioned=no identity='' seed_disk='' cloud_init=no
}
