# shellcheck shell=bash
# Stops the guest when the container is asked to stop.

stop_by=
stop_deadline_us=0
stop_sent_us=0

power_trap() {
  trap 'power_ask SIGTERM' TERM
  trap 'power_ask SIGINT' INT
}

power_ask() {
  [[ -z $stop_by ]] || return 0
  stop_by=$1
  stop_deadline_us=$((${EPOCHREALTIME/[.,]/} + STOP_TIMEOUT * 1000000))
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
  local now=${EPOCHREALTIME/[.,]/}
  if [[ $EPHEMERAL == yes ]] || ((now >= stop_deadline_us)); then
    qmp_send '{"execute":"quit"}'
  elif ((now - stop_sent_us > 500000)); then
    qmp_send '{"execute":"system_powerdown"}'
    stop_sent_us=$now
  fi
}
