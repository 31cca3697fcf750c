#!/usr/bin/env bats
# A guest of Podman without root. Needs root, to be a user who is not, and Podman with
# uidmap, slirp4netns and fuse-overlayfs; skipped where the host lets no user have
# containers.
# shellcheck disable=SC2030,SC2031,SC2154

load guests

setup_file() {
  export name=virtainers-bats-rootless-$$ user=vbats$$
  make_key
  useradd -m "$user"
  export home
  home=$(getent passwd "$user" | cut -d: -f6)
  printf '[containers]\ndefault_ulimits = ["nofile=%s", "nproc=4096:4096"]\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n' \
    "$(ulimit -Hn):$(ulimit -Hn)" >"$home/containers.conf"
  install -d -m 700 -o "$user" "$home/run"
  # Podman's network of a user has it, where the host has not kept it to root.
  export tun
  tun=$(stat -c %a /dev/net/tun)
  chmod a+rw /dev/net/tun
  install -m 644 "$key.pub" "$home/key.pub"
}

teardown_file() {
  as_user podman rm -f -t 0 "$name-vm" || true
  as_user podman unshare rm -rf "$home/.local" || true
  chmod "$tun" /dev/net/tun
  pkill -U "$user" || true
  userdel -rf "$user" 2>/dev/null
}

# as_user COMMAND…: without root.
as_user() {
  (cd "$home" && setpriv --reuid "$user" --regid "$user" --init-groups env HOME="$home" XDG_RUNTIME_DIR="$home/run" \
    CONTAINERS_CONF="$home/containers.conf" "$@")
}

@test "a user without rights has a guest, whose port answers" {
  local port
  if ! as_user podman unshare true 2>"$BATS_TEST_TMPDIR/why"; then
    skip "ROOTLESS PODMAN: SKIPPED, THIS HOST LETS NO USER HAVE CONTAINERS: $(tail -n 1 "$BATS_TEST_TMPDIR/why")"
  fi
  docker save "$image" | as_user podman load --quiet
  as_user podman run -d --name "$name-vm" --cap-drop ALL --security-opt no-new-privileges --user 1000 \
    --sysctl net.ipv4.ip_unprivileged_port_start=0 -p 127.0.0.1::22 -v "$home/key.pub:/tmp/id_rsa.pub:ro" -e ACCEL=tcg "$image"
  port=$(as_user podman port "$name-vm" 22)
  local deadline=$((SECONDS + 3 * 240))
  until as_user podman logs "$name-vm" 2>&1 | grep -q ' ready: '; do
    ((SECONDS < deadline))
    sleep 1
  done
  [ "$(ssh -n -i "$key" "${ssh_options[@]}" -p "${port##*:}" debian@127.0.0.1 'sudo id -un; systemctl is-system-running')" = $'root\nrunning' ]
  as_user podman exec "$name-vm" virsh list | grep -q running
}
