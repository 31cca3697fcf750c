# shellcheck shell=bash
# The life of the guest, from QEMU's start to the container's end.

lease_looked_at=-1 # in seconds since boot
lease_renewed_at=0
lease_mark=   # what the file's times were then
lease_over=no # yes: nobody renewed it

watch() {
  if ((LEASE > 0)); then touch "$run/lease" 2>/dev/null || :; fi
  watch_guest
  while ladder_can_go_on; do
    ladder_go_on
    watch_guest
  done
  watch_end
}

watch_guest() {
  local line tick events=0
  while kill -0 "$qemu_pid" 2>/dev/null; do
    tick=1
    if [[ $ready == no ]]; then tick=0.1; fi
    if [[ $ready == no && $rung == restore ]]; then tick=0.02; fi
    if [[ -n $stop_by ]]; then tick=0.1; fi
    # What a restored guest says next is what somebody waits for.
    if [[ $provisioned == no && $rung == restore ]] && read_line line "$status_out" "$tick"; then
      ready_note "$line"
      tick=0.001
    fi
    if read_line line "$qmp_out" "$tick"; then
      qmp_event "$line"
      # Many may come at once, and a guest can make more.
      if ((++events % 20)); then continue; fi
    fi
    if [[ -n $stop_by ]]; then
      power_step
    elif [[ $ready == no ]]; then
      # One, however many the guest has to say; from one that is ready, nothing is heard any more.
      if read_line line "$status_out" 0.001; then ready_note "$line"; fi
      ready_check
      watch_deadline
    fi
    watch_lease
    if [[ $provisioned == yes ]] && ((${#identity_files[@]})); then seed_forget; fi
  done
}

watch_deadline() {
  local now doubt=
  since_boot now
  [[ $base == "$guest/disk.qcow2" ]] || doubt=', and an image needs cloud-init and an SSH server'
  if [[ $rung == restore ]] && ((now - boot_started_us > restore_timeout * 1000000)); then
    ladder_fall "the restored guest did not answer within $restore_timeout s"
  fi
  kernel_deadline
  ((BOOT_TIMEOUT == 0 || now - boot_started_us < BOOT_TIMEOUT * 1000000)) ||
    die_with_guest not-ready "no SSH banner after BOOT_TIMEOUT=$BOOT_TIMEOUT s; the console above says how far the guest came$doubt"
}

# watch_lease: looks once a second, since looking starts a program. Whatever time the file
# is given, a change renews the lease.
watch_lease() {
  local now mark
  ((LEASE > 0)) && [[ -z $stop_by ]] || return 0
  since_boot now
  ((now /= 1000000)) || :
  ((now != lease_looked_at)) || return 0
  lease_looked_at=$now
  mark=$(stat -c '%y %z' "$run/lease" 2>/dev/null) || mark=none
  if [[ $mark != "$lease_mark" ]]; then lease_mark=$mark lease_renewed_at=$now; fi
  ((now - lease_renewed_at > LEASE)) || return 0
  lease_over=yes
  [[ $ready == yes ]] || lease_end_with_guest
  power_ask 'the end of its lease'
}

lease_end_with_guest() {
  die_with_guest lease-expired "nobody renewed the lease for $LEASE s"
}

# die_with_guest CODE TEXT: ends QEMU, then the container.
die_with_guest() {
  kill -KILL "$qemu_pid" 2>/dev/null || :
  wait "$qemu_pid" 2>/dev/null || :
  die "$@"
}

# watch_end: QEMU has ended; says why and ends the container with its status.
watch_end() {
  local status=0 line
  # The shell would tell of its death, too.
  wait "$qemu_pid" 2>/dev/null || status=$?
  qmp_end
  wait "$console_pid" 2>/dev/null || :
  if [[ $qmp_shutdown_reason == no-space ]]; then
    die disk-full 'the guest wrote more than the space below IMAGE_DIR; free some, or give it another folder'
  elif [[ $lease_over == yes ]]; then
    lease_end_with_guest
  elif [[ -n $stop_by ]]; then
    :
  elif ((status != 0)); then
    if ((status == 137)) && boot_ended_for_memory; then
      die qemu-failed "QEMU was killed: the container may use $boot_limit MB of memory (--memory), and RAM=$RAM MB with QEMU's own take up to $boot_memory MB; raise the limit, or lower RAM"
    fi
    if ((status == 137)); then
      die qemu-failed 'QEMU was killed, by somebody or for want of memory on the host; look at the log of its kernel'
    fi
    line=$(tail -n 3 "$run/qemu.log" | tr '\n' ' ')
    if [[ $line =~ forwarding\ rule\ \'tcp:[0-9.]*:([0-9]+)- ]]; then
      die qemu-failed "port ${BASH_REMATCH[1]} of the container is taken by another that shares its network; give this one a network of its own"
    fi
    die qemu-failed "QEMU ended with status $status: $line"
  elif [[ $ready == no ]]; then
    case $qmp_shutdown_reason in
      guest-panic | guest-reset) die guest-failed 'the guest panicked or reset before it was ready; the console above says why' ;;
      *) die guest-failed 'the guest powered off before it was ready; the console above says why' ;;
    esac
  fi
  say stopped "the guest is off (${qmp_shutdown_reason:-no reason given})"
  # One that was booting had nothing to lose that it had not before.
  if [[ $ready == yes && $stop_cut_off == yes && $qmp_shutdown_reason != guest-shutdown ]]; then exit 137; fi
  exit 0
}
