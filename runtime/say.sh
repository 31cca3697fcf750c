# shellcheck shell=bash
# The runtime's voice: event lines on stderr, the state file, and the end.

# Exit status of each way to fail; docs/runtime-contract.md is the table.
declare -gA status_of=(
  ['usage']=64 ['image-corrupt']=65 ['image-missing']=66 ['accel-unavailable']=69
  ['qemu-failed']=70 ['guest-failed']=71 ['disk-full']=73 ['not-ready']=75 ['rights']=77
  ['lease-expired']=79
)

# elapsed: milliseconds since the entrypoint began.
elapsed_ms() {
  local now=${EPOCHREALTIME/[.,]/}
  echo $(((now - start_us) / 1000))
}

# as_line NAME TEXT: sets it to the text on one line, without what acts on a terminal.
as_line() {
  local line_text=$2 LC_ALL=C
  line_text=${line_text//[[:cntrl:]]/ }
  # The control characters of Unicode, which terminals take for those of ASCII with an escape.
  printf -v "$1" %s "${line_text//$'\xc2'[$'\x80'-$'\x9f']/ }"
}

# say EVENT TEXT…: on one line, whatever the text quotes: nobody else speaks in this voice.
say() {
  local event=$1 now=${EPOCHREALTIME/[.,]/} ms text
  shift
  ms=$(((now - start_us) / 1000))
  as_line text "$*"
  printf 'virtainers: +%d.%03ds %s: %s\n' $((ms / 1000)) $((ms % 1000)) "$event" "$text" >&2
}

# state WORD: what the health check and people read. Without room to write it the guest
# is looked after, and powered off, all the same.
state() {
  { printf '%s\n' "$1" >"$run/state"; } 2>/dev/null || :
}

# since_boot NAME: sets it to the microseconds since the host booted, to a hundredth of a
# second: the time of day may be set while somebody waits. Not for traps, since a "read" in
# one has the "read" that it interrupted wait for ever (bash 5.2).
uptime=/proc/uptime
since_boot() {
  local hundredths
  read -r hundredths _ <"$uptime"
  printf -v "$1" '%s' $((10#${hundredths/./} * 10000))
}

# die CODE TEXT…: says why, and ends with the status of CODE.
die() {
  local code=$1
  shift
  say failed "$code: $*"
  state failed
  exit "${status_of[$code]}"
}

# read_line NAME FD SECONDS: the next line of a pipe; fails when none begins in that time. A
# "read" whose time ends just as it has the end of a line throws that end away, and takes the
# next line for the rest of this one (bash 5.2). So it is the first character alone that is
# waited for, and what it leaves behind shows that it was there; the rest has been written.
read_line() {
  local begun
  IFS= read -r -n 1 -t "$3" -u "$2" begun || [[ -n $begun ]] || return 1
  printf -v "$1" ''
  [[ -n $begun ]] || return 0
  IFS= read -r -t 5 -u "$2" "$1" || :
  printf -v "$1" '%s%s' "$begun" "${!1}"
}
