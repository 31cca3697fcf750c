# shellcheck shell=bash
# Stops the guest when the container is asked to stop.

stop_by=
stop_deadline_us=0 # from the first step on
stop_sent_us=0
stop_cut_off=no # yes: the guest was not given the time that it wanted

power_trap() {
  trap 'power_ask SIGTERM' TERM
  trap 'power_ask SIGINT' INT
}

# power_check: what STOP_TIMEOUT promises is the engine's to keep, which nobody tells this
# container about; callers who bring a host key, at its first start, are programs that see to it.
power_check() {
  local usual=8 seen_to=$run/stop-is-seen-to
  if [[ -s $in/ssh_host_ed25519_key ]]; then { : >"$seen_to"; } 2>/dev/null || :; fi
  ((STOP_TIMEOUT > usual)) && [[ ! -e $seen_to ]] || return 0
  say warning "STOP_TIMEOUT=$STOP_TIMEOUT: an engine ends a container 10 s after it asked it to stop, unless it was run with --stop-timeout $((STOP_TIMEOUT + 5)) (Compose: stop_grace_period)"
}

power_ask() {
  [[ -z $stop_by ]] || return 0
  stop_by=$1
  state stopping
  say stopping "by $stop_by"
  if [[ -z ${qemu_pid:-} ]]; then
    say stopped 'before QEMU was started'
    exit 0
  fi
}

# power_step: one round of stopping. A booting guest ignores the first press of
# the button, so it is pressed again and again until the deadline.
power_step() {
  local now
  since_boot now
  ((stop_deadline_us)) || stop_deadline_us=$((now + STOP_TIMEOUT * 1000000))
  if [[ $EPHEMERAL == yes ]]; then
    qmp_send '{"execute":"quit"}'
  elif ((now >= stop_deadline_us)); then
    if [[ $stop_cut_off == no ]]; then
      say warning "the guest was not off within STOP_TIMEOUT=$STOP_TIMEOUT s and is cut off; raise it, and with it the container's own --stop-timeout (Compose: stop_grace_period)"
    fi
    stop_cut_off=yes
    qmp_send '{"execute":"quit"}'
  elif ((now - stop_sent_us > 500000)); then
    qmp_send '{"execute":"system_powerdown"}'
    stop_sent_us=$now
  fi
}
