# shellcheck shell=bash
# Puts QEMU's arguments together and starts it.

qemu_arguments=()
qemu_pid=
boot_started_us=0 # since the host booted

boot_arguments() {
  qemu_arguments=(
    -name "$VM_NAME" -nodefaults -no-user-config -display none
    # Merging equal pages would let one guest measure what another has.
    -machine "q35,vmport=off,usb=off,mem-merge=off" -smp "$CPU" -m "$RAM"
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
  # After all others, whose places it must not take.
  agent_arguments
  if [[ $boot == direct ]]; then boot_kernel_arguments; elif kernel_is_alone; then kernel_arguments; fi
}

boot_kernel_arguments() {
  local line
  line="$(guest_says GUEST_CMDLINE) $(vnc_cmdline)console=ttyS0 quiet panic=-1 tsc=reliable no_timer_check random.trust_cpu=on"
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
  boot_check_limit
  network_prepare
  # The screen stays where it is when the guest boots again.
  [[ -n $qemu_pid ]] || vnc_prepare
  qmp_prepare
  # A pipe of its own, since QEMU wants a descriptor that can only be written.
  exec {console_out}> >(exec cat)
  console_pid=$!
  boot_arguments
  "${as_qemu[@]}" qemu-system-x86_64 "${qemu_arguments[@]}" </dev/null >/dev/null 2>"$run/qemu.log" &
  qemu_pid=$!
  exec {console_out}>&-
  qmp_send '{"execute":"qmp_capabilities"}'
  [[ $ready == yes ]] || state booting
  since_boot boot_started_us
  say qemu "started, $rung boot"
  # What is restored has somebody waiting for it.
  if [[ $rung != restore ]]; then env_look; fi
}

control_groups=/sys/fs/cgroup

boot_limit=  # MB of memory that the container may use; empty where it may use all
boot_memory= # MB that the guest and QEMU take at most

# boot_read_limit: sets both.
boot_read_limit() {
  local bytes='' file
  # QEMU's own memory: emulation keeps what it translated.
  boot_memory=$((RAM + 128))
  if [[ $accel == tcg ]]; then boot_memory=$((RAM + 256)); fi
  for file in "$control_groups/memory.max" "$control_groups/memory/memory.limit_in_bytes"; do
    if [[ -r $file ]]; then
      read -r bytes <"$file"
      break
    fi
  done
  # Without a limit version 2 says "max", version 1 a number that no machine has.
  boot_limit=
  if [[ $bytes =~ ^[0-9]{1,15}$ ]]; then boot_limit=$((bytes / 1048576)); fi
}

# boot_check_limit: says so where the guest cannot use the memory that it is given.
boot_check_limit() {
  boot_read_limit
  [[ -z $boot_limit ]] || ((boot_limit >= boot_memory)) ||
    say warning "the container may use $boot_limit MB of memory (--memory), and RAM=$RAM MB with QEMU's own take up to $boot_memory MB: the guest is killed when it uses them; raise the limit to ${boot_memory}m, or lower RAM"
}

# boot_ended_for_memory: whether the kernel has ended a process because of the container's limit; of kernels that do not
# count it, any that was killed within one.
boot_ended_for_memory() {
  local file kills=''
  [[ -n $boot_limit ]] || return 1
  for file in "$control_groups/memory.events" "$control_groups/memory/memory.oom_control"; do
    if [[ -r $file ]]; then kills=$(awk '$1 == "oom_kill" { print $2 }' "$file"); fi
  done
  [[ $kills != 0 ]]
}

# boot_forget: ends a guest that came to nothing, and all that is known of it.
boot_forget() {
  kill -KILL "$qemu_pid" 2>/dev/null || :
  wait "$qemu_pid" 2>/dev/null || :
  qmp_forget
  userspace=no provisioned=no identity='' seed_disk='' cloud_init=no
}
