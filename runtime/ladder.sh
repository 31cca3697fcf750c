# shellcheck shell=bash
# Which way the guest comes up: restored from a memory template, or booted; and
# the step down when a template turns out to be of no use.

rung= # restore, direct or firmware

# ladder_choose: sets rung, and says why it is not a higher one.
ladder_choose() {
  rung=$boot
  if [[ $BOOT == direct || $BOOT == cold ]]; then
    say rung "$boot: asked for with BOOT=$BOOT"
  elif template_find; then
    rung=restore
    ladder_say_restored
    if [[ -n $template_missed ]]; then template_wish; fi
  elif [[ $BOOT == restore ]]; then
    die usage "BOOT=restore was asked for, but $template_why"
  else
    template_wish
    say rung "$boot: $template_why"
  fi
}

ladder_say_restored() {
  say rung "restore: template ${template##*/}${AGENT:+, in which the agent waits}"
}

# ladder_climb: the guest runs when this returns.
ladder_climb() {
  disk_prepare
  if [[ $rung == restore ]]; then
    if template_restore; then return 0; fi
    if [[ -z $stop_by ]]; then ladder_fall "$template_why"; fi
  else
    seed_prepare
    boot_start
  fi
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
  rung=$boot
  template_wish
  say rung "$boot: $1"
  ladder_climb
}
