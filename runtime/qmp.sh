# shellcheck shell=bash
# Talks with QEMU over its machine protocol, on a pair of pipes. What it says reaches
# this shell through one jq, in the words of qmp.jq.

qmp_shutdown_reason=
qmp_version=   # of QEMU, as its greeting has it
qmp_migration= # how far saving or restoring is
qmp_ended=no   # yes: all that QEMU said has been read
qmp_reply=     # to the last qmp_ask, or the error that QEMU answered with

qmp_prepare() {
  qmp_ended=no
  rm -f "$run"/{qmp,status}.{in,out} "$run/qmp.words"
  mkfifo -m 600 "$run"/{qmp,status}.{in,out} "$run/qmp.words"
  give_to_qemu "$run"/{qmp,status}.{in,out} "$run/qmp.words"
  exec {qmp_in}<>"$run/qmp.in" {qmp_said}<>"$run/qmp.out" {qmp_out}<>"$run/qmp.words" {status_out}<>"$run/status.out"
  # Who reads what QEMU says has no more rights than QEMU.
  "${as_qemu[@]}" jq --unbuffered -Rrf "$here/qmp.jq" <"$run/qmp.out" >"$run/qmp.words" 2>/dev/null \
    {qmp_in}>&- {qmp_said}>&- {qmp_out}>&- {status_out}>&- &
}

# qmp_forget: ends the conversation.
qmp_forget() {
  qmp_mark_end
  exec {qmp_in}>&- {qmp_said}>&- {qmp_out}>&- {status_out}>&-
  qmp_shutdown_reason='' qmp_version='' qmp_migration='' qmp_reply=''
}

qmp_arguments() {
  qemu_arguments+=(
    -chardev "pipe,id=qmp,path=$run/qmp" -mon "chardev=qmp,mode=control"
    -qmp "unix:$run/qmp.sock,server=on,wait=off"
    -device virtio-serial-pci
    -chardev "pipe,id=status,path=$run/status" -device "virtserialport,chardev=status,name=org.virtainers.status"
    -chardev "socket,id=agent,path=$run/agent.sock,server=on,wait=off" -device "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"
  )
}

qmp_send() {
  printf '%s\n' "$1" >&"$qmp_in"
}

# qmp_ask COMMAND [ARGUMENTS]: runs a command, sets qmp_reply; fails when QEMU
# says no, nothing, or is gone.
qmp_ask() {
  local line
  qmp_send "{\"execute\":\"$1\",\"id\":\"ask\",\"arguments\":${2:-{\}}}"
  qmp_reply='QEMU did not answer'
  while qmp_read line 10; do
    case $line in
      $'return\task\t'* | $'error\task\t'*)
        qmp_reply=${line#*$'\task\t'}
        [[ $line == return* ]]
        return
        ;;
      *) qmp_event "$line" ;;
    esac
  done
  return 1
}

# qmp_read NAME SECONDS: a line of qmp.jq's; fails when the time is over or QEMU gone.
qmp_read() {
  local tries=$(($2 * 10))
  while ((tries-- > 0)); do
    if read_line "${1?}" "$qmp_out" 0.1; then return 0; fi
    kill -0 "$qemu_pid" 2>/dev/null || return 1
  done
  return 1
}

# qmp_migrated SECONDS: waits until saving or restoring the guest is through;
# fails, with qmp_reply, when QEMU refuses a command that was sent for it.
qmp_migrated() {
  local line end=$((SECONDS + $1))
  until [[ $qmp_migration == completed ]]; do
    [[ $qmp_migration != failed ]] && ((SECONDS < end)) || return 1
    if qmp_read line 1; then
      qmp_event "$line"
      if [[ $line == $'error\t'* ]]; then
        qmp_reply=${line##*$'\t'}
        return 1
      fi
    else
      kill -0 "$qemu_pid" 2>/dev/null || return 1
    fi
  done
}

# qmp_hmp COMMAND: runs a monitor command, sets qmp_reply to its answer, which is
# empty when all is well.
qmp_hmp() {
  qmp_ask human-monitor-command "{\"command-line\":\"$1\"}" || :
}

# qmp_event LINE: keeps what an event says.
qmp_event() {
  local text=${1#*$'\t'}
  [[ $qmp_shutdown_reason != no-space ]] || return 0
  case ${1%%$'\t'*} in
    greeting) qmp_version=$text ;;
    migration) qmp_migration=$text ;;
    shutdown) qmp_shutdown_reason=$text ;;
    no-space)
      qmp_send '{"execute":"quit"}'
      qmp_shutdown_reason=no-space
      ;;
  esac
}

# qmp_mark_end: its reader ends with this, behind what may be half a line.
qmp_mark_end() {
  printf '\n{"event":"END"}\n' >&"$qmp_said"
}

# qmp_end: QEMU has ended; keeps what it said up to then.
qmp_end() {
  local line
  [[ $qmp_ended == no ]] || return 0
  qmp_ended=yes
  qmp_mark_end
  while read_line line "$qmp_out" 5 && [[ $line != end ]]; do qmp_event "$line"; done
}
