# shellcheck shell=bash
# Which way the guest comes up: restored from a memory template, or booted; and
# the step down when a template turns out to be of no use.

rung=          # restore, direct or firmware
ladder_next=   # how a guest whose QEMU has ended goes on
ladder_begun=1 # times that a prepared guest has begun to boot
ladder_most=5

# ladder_choose: sets rung, and says why it is not a higher one.
ladder_choose() {
  ladder_choose_boot
  if [[ $BOOT == direct || $BOOT == cold ]]; then
    say rung "$rung: asked for with BOOT=$BOOT"
  elif template_find; then
    rung=restore
    ladder_say_restored
    if [[ -n $template_missed ]]; then template_wish; fi
  elif [[ $BOOT == restore ]]; then
    die usage "BOOT=restore was asked for, but $template_why"
  else
    template_wish
    say rung "$rung: $template_why"
  fi
}

# ladder_choose_boot: sets rung to how the guest comes up where it is not restored.
ladder_choose_boot() {
  rung=$boot
  if [[ $boot == firmware ]] && kernel_fits; then rung=direct; fi
}

ladder_say_restored() {
  say rung "restore: template ${template##*/}${AGENT:+, in which the agent waits}"
}

# ladder_climb: the guest runs when this returns.
ladder_climb() {
  if [[ $rung != restore && $boot == firmware ]]; then kernel_say; fi
  disk_prepare
  if [[ $rung == restore ]]; then
    if template_restore; then return 0; fi
    if accel_can_fall; then
      ladder_leave_kvm
    elif [[ -z $stop_by ]]; then
      ladder_fall "$template_why"
    fi
  else
    if [[ $making == yes ]]; then seed_prepare_template; else seed_prepare; fi
    boot_start
  fi
}

# ladder_can_go_on: whether there is another rung for the guest whose QEMU has ended; sets
# ladder_next.
ladder_can_go_on() {
  qmp_end
  if accel_can_fall; then
    ladder_next=ladder_leave_kvm
  elif ladder_can_fall; then
    ladder_next=ladder_leave_template
  elif ladder_can_begin_anew; then
    ladder_next=ladder_begin_anew
  elif kernel_can_go_on; then
    ladder_next=kernel_go_on
  else
    return 1
  fi
}

ladder_go_on() {
  "$ladder_next"
}

ladder_leave_template() {
  ladder_fall "the restored guest ended before it was ready (${qmp_shutdown_reason:-$(tail -n 1 "$run/qemu.log")})"
}

# ladder_can_begin_anew: whether a prepared guest has asked for it, before it did anything: what it
# is to wait by was measured wrong (images/guest/initramfs-init).
ladder_can_begin_anew() {
  [[ $boot == direct && $rung == direct && $userspace == no && $ready == no && -z $stop_by && $qmp_shutdown_reason == guest-reset ]] &&
    ((ladder_begun < ladder_most))
}

ladder_begin_anew() {
  ((++ladder_begun))
  boot_forget
  [[ $disk_kept == yes ]] || rm -f "$overlay"
  say rung 'direct: the host had no time for the guest while it measured its timer; it boots again'
  ladder_climb
}

# ladder_leave_kvm: KVM refuses the guest, for which other templates fit from here on.
ladder_leave_kvm() {
  boot_forget
  accel_fall
  [[ $disk_kept == yes ]] || rm -f "$overlay"
  ladder_choose
  ladder_climb
}

# ladder_can_fall: whether a guest that came to nothing gets another chance.
ladder_can_fall() {
  [[ $rung == restore && $ready == no && -z $stop_by && $qmp_shutdown_reason != no-space ]]
}

# ladder_fall REASON: the template is of no use; boots instead.
ladder_fall() {
  boot_forget
  template_set_aside "$1"
  rm -f "$overlay"
  if [[ -n $AGENT ]]; then
    template_missed=$template_key
    template_do_without_agent "$1"
    if template_take; then
      ladder_say_restored
      template_wish
      ladder_climb
      return
    fi
  fi
  [[ $BOOT != restore ]] || die qemu-failed "BOOT=restore was asked for, but $1"
  ladder_choose_boot
  template_wish
  say rung "$rung: $1"
  ladder_climb
}
