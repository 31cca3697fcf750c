# shellcheck shell=bash
# When the guest is ready: provisioned, and an SSH banner was read. An open port
# proves nothing, QEMU's user network accepts before the guest does.

userspace=no # yes: systemd runs
provisioned=no
ready=no

# ready_note LINE: takes a line that the guest wrote to its status port.
ready_note() {
  local word rest
  read -r word rest <<<"${1//[^[:print:]]/}"
  case $word in
    userspace)
      userspace=yes
      say userspace "kernel $rest s"
      ;;
    provisioned)
      provisioned=yes
      say provisioned "${rest:-by cloud-init}"
      ;;
    warned) ready_warned "$rest" ;;
    lacks) surroundings_lacking "$rest" ;;
    failed)
      ! ladder_can_fall || {
        ladder_fall "the restored guest could not be provisioned: ${rest:0:500}"
        return 0
      }
      die_with_guest usage "$rest"
      ;;
  esac
}

# ready_warned ERRORS: of cloud-init's modules; the rest of them ran, so the guest may be
# what its caller wants all the same.
ready_warned() {
  local text="cloud-init had errors: $1"
  [[ $STRICT == no ]] || die_with_guest usage "$text"
  say warning "$text; the guest goes on, and has more in /var/log/cloud-init.log and cloud-init-output.log (STRICT=yes ends it instead)"
}

# ready_expects_word: whether the guest will say that it is provisioned; with a
# seed made by somebody else only the banner can tell.
ready_expects_word() {
  [[ $boot == direct || $seed_disk != "$in/cloud_init.iso" ]]
}

banner_answers() {
  local banner='' socket patience=1
  { exec {socket}<>"/dev/tcp/$probe_host/$probe_port"; } 2>/dev/null || return 1
  # Who gives up on an sshd that is slow to start makes it start another, and one
  # that is provisioned is there.
  if [[ $provisioned == yes ]]; then patience=5; fi
  IFS= read -r -t "$patience" -u "$socket" banner 2>/dev/null || :
  exec {socket}>&-
  [[ $banner == SSH-* ]]
}

ready_check() {
  if ready_expects_word && [[ $provisioned == no ]]; then return 0; fi
  banner_answers || return 0
  ready=yes
  network_open
  if [[ $boot == direct ]]; then
    qmp_send '{"execute":"set-action","arguments":{"reboot":"reset"}}'
  fi
  kernel_remember
  # For join-ssh. Without room for it the guest is ready all the same.
  { echo "$probe_host:$probe_port" >"$run/ssh-server"; } 2>/dev/null || :
  state ready
  say ready "SSH answers on port $(network_ssh_port)"
  env_look
}
