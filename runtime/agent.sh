# shellcheck shell=bash
# The disk with a Java for agents, which every guest may mount, and whose pages all guests of
# a host share. images/agent-disk makes it; an image need not have it.

agent_disk=/usr/share/virtainers/agent.iso

agent_arguments() {
  [[ -r $agent_disk ]] || return 0
  qemu_arguments+=(
    -drive "if=none,id=agent,file=$agent_disk,format=raw,readonly=on"
    -device "virtio-blk-pci,drive=agent,serial=virtainers-agent,romfile="
  )
}

# agent_identity: what of it a memory template depends on.
agent_identity() {
  [[ ! -r $agent_disk ]] || cat "$agent_disk.sha256"
}

# agent_java LIBC: its Java for a C library, as tar, for a guest that may not mount it.
agent_java() {
  [[ -r $agent_disk ]] || die image-missing 'this image was built without a Java for agents'
  bsdtar -t -f "$agent_disk" "java/$1/release" >/dev/null 2>&1 || die image-missing "this image was built without a Java for agents whose C library is $1"
  exec bsdtar -c -f - --include "java/$1" --include "java/$1/*" "@$agent_disk"
}
