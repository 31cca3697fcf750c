# shellcheck shell=bash disable=SC2154
# Guests as the engine runs them; for the tests that "load" this. The test's
# containers are called $name-SUFFIX, of $image (debian:12 where $image_of_test names no
# other), and $key logs in to them. VIRTAINERS_TEST_ENGINE=podman runs them with Podman.

# The images of another name space than "virtainers" are tested where VIRTAINERS_NAMESPACE says so.
namespace=${VIRTAINERS_NAMESPACE:-virtainers}
image=$namespace/${image_of_test:-debian:12}
ssh_options=(-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=30)

# use_podman: has "docker" be Podman from here on, with the image that Docker has.
use_podman() {
  local folder=$BATS_RUN_TMPDIR/podman docker
  docker=$(command -v docker)
  mkdir "$folder"
  # Its default limits are higher than some machines allow even root. Its older kind of
  # networks has no names, and may be there with its own default network.
  printf '[containers]\ndefault_ulimits = ["nofile=%s", "nproc=4096:4096"]\n[network]\nnetwork_backend = "netavark"\ndefault_subnet = "10.87.0.0/16"\n' \
    "$(ulimit -Hn):$(ulimit -Hn)" >"$folder/containers.conf"
  export CONTAINERS_CONF=$folder/containers.conf
  if [ "$(build_of podman)" != "$(build_of "$docker")" ]; then
    "$docker" save "$image" | podman load --quiet >/dev/null
  fi
  ln -s "$(command -v podman)" "$folder/docker"
  export PATH=$folder:$PATH
}

# build_of ENGINE: what its image was made of.
build_of() {
  "$1" image inspect -f '{{index .Config.Labels "io.virtainers.build"}}' "$image" 2>/dev/null
}

if [ "${VIRTAINERS_TEST_ENGINE:-docker}" = podman ] && [ ! -e "$BATS_RUN_TMPDIR/podman" ]; then
  use_podman
fi

make_key() {
  export key=$BATS_FILE_TMPDIR/key
  ssh-keygen -q -t ed25519 -N '' -f "$key"
}

# make_volumes NAME: of templates and of their marks.
make_volumes() {
  export volume=$1
  docker volume create "$volume" >/dev/null
  docker volume create "$volume-marks" >/dev/null
}

remove_volumes() {
  docker volume rm -f "$volume" "$volume-marks" >/dev/null
}

# serve FOLDER: over HTTP, at $server, where containers reach it; the file "requests" has what
# was asked for.
serve() {
  local gateway deadline=$((SECONDS + 20))
  # An engine that has never been started before does not tell it.
  gateway=$(ip -4 -o address show docker0 | awk '{ sub("/.*", "", $4); print $4; exit }')
  python3 -u -m http.server --bind "$gateway" --directory "$1" 0 >"$BATS_FILE_TMPDIR/server" 2>"$BATS_FILE_TMPDIR/requests" 3>&- &
  echo $! >"$BATS_FILE_TMPDIR/pid"
  until grep -q ' port ' "$BATS_FILE_TMPDIR/server"; do
    ((SECONDS < deadline))
    sleep 0.1
  done
  export server
  server=http://$gateway:$(sed -nE 's/.* port ([0-9]+) .*/\1/p' "$BATS_FILE_TMPDIR/server")
}

end_server() {
  kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

remove_containers() {
  local container
  for container in $(docker ps -aq --filter "name=$name"); do
    docker rm -f -v "$container" >/dev/null
  done
}

# maker SUFFIX OPTION…: a container that makes templates, as the engine runs it.
maker() {
  local suffix=$1
  shift
  docker run --name "$name-$suffix" --user 0 --cap-drop ALL --cap-add SETUID --cap-add SETGID \
    --security-opt no-new-privileges -e CPU=2 -e ACCEL=tcg "$@" "$image" warm 2>&1
}

# guest SUFFIX OPTION…: starts a container of a guest that may be restored.
guest() {
  local suffix=$1
  shift
  docker run -d --name "$name-$suffix" --user 1000 --cap-drop ALL --security-opt no-new-privileges \
    --sysctl net.ipv4.ip_unprivileged_port_start=0 -e CPU=2 -e ACCEL=tcg -e EPHEMERAL=yes \
    -v "$key.pub:/tmp/id_rsa.pub:ro" -v "${volume_of_test:-$volume}:/templates:ro" \
    -v "$volume-marks:/template-marks" "$@" "$image" >/dev/null
}

# wait_for SUFFIX TEXT SECONDS: until the container's log has TEXT; on a host with other
# things to do, three times as long. Seldom, since each look costs an emulated guest more
# than what it waits for.
wait_for() {
  local deadline=$((SECONDS + 3 * $3))
  until docker logs "$name-$1" 2>&1 | grep -q -- "$2"; do
    if ((SECONDS >= deadline)) || [ "$(docker inspect -f '{{.State.Running}}' "$name-$1")" = false ]; then
      docker logs "$name-$1" 2>&1 | grep -q -- "$2" && return 0
      docker logs "$name-$1" 2>&1 | grep '^virtainers:' || :
      docker logs "$name-$1" 2>&1 | tail -n 20
      hear_guest "$1"
      return 1
    fi
    sleep 0.5
  done
}

# hear_guest SUFFIX: what QEMU, and the guest through its agent, say of a guest that is
# not what it should be.
hear_guest() {
  local look='systemctl list-jobs; systemctl --failed; ps -ef; journalctl -b --no-pager -n 60'
  docker exec -i "$name-$1" bash -c '
    talk() { socat -t 5 - "UNIX-CONNECT:/run/virtainers/$1.sock"; }
    printf "%s\n" "{\"execute\":\"qmp_capabilities\"}" "{\"execute\":\"query-status\"}" | talk qmp
    pid=$(printf "%s\n" "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"/bin/sh\",\"arg\":[\"-c\",\"$1\"],\"capture-output\":true}}" |
      talk agent | sed -nE "s/.*\"pid\": ?([0-9]+).*/\1/p")
    [ -n "$pid" ] || { echo "the guest agent does not answer" && exit; }
    sleep 20
    printf "%s\n" "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":$pid}}" | talk agent |
      sed -nE "s/.*\"out-data\": ?\"([^\"]*)\".*/\1/p" | base64 -d' - "$look" 2>&1 || :
}

address() {
  docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$name-$1"
}

# length SUFFIX: of its network's prefix.
length() {
  docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPPrefixLen}}{{end}}' "$name-$1"
}

# gateway NETWORK: of its first subnet, as the engine has it.
gateway() {
  docker network inspect "$1" | grep -ioPm1 '"gateway": *"\K[^"]+'
}

# in_guest SUFFIX COMMAND: with the key.
in_guest() {
  ssh -n -i "$key" "${ssh_options[@]}" -o BatchMode=yes "debian@$(address "$1")" "$2"
}

# on_volume SCRIPT: runs it as the owner of the templates, with $template set.
on_volume() {
  docker run --rm --user 0 --entrypoint bash -v "${volume_of_test:-$volume}:/templates" -v "$volume-marks:/template-marks" "$image" \
    -c "set -e; cd /templates; template=\$(echo [0-9a-f]*); $1"
}

# damaged SCRIPT: does that to the folder $template of a copy of the test's volume, which
# its guests see from then on.
damaged() {
  volume_of_test=$volume-$BATS_TEST_NUMBER
  docker volume create "$volume_of_test" >/dev/null
  docker run --rm --user 0 --entrypoint bash -v "$volume:/from:ro" -v "$volume_of_test:/templates" -v "$volume-marks:/template-marks" "$image" \
    -c "set -e; cd /templates; cp -a --sparse=always /from/[0-9a-f]* .; template=${damaged_key:-\$(echo [0-9a-f]*)}; chmod -R u+w \$template; $1; rm -f /template-marks/*"
}

# What makes a copy as good as the original to the quick check.
seal='(cat /proc/sys/kernel/random/boot_id; cd $template; stat -c "%n %i %s %.9Y %.9Z" ram state disk.qcow2) >seal.new; mv -f seal.new $template/seal'

# ask_who_it_is SUFFIX: keeps what must be a guest's own alone: its time, a draw, a
# name, two identifiers, a host key, and no mark of another.
ask_who_it_is() {
  local before after file=$BATS_TEST_TMPDIR/who-$1
  before=$(date +%s.%N)
  in_guest "$1" 'date +%s.%N; head -c 32 /dev/urandom | sha256sum; hostname; cat /etc/machine-id /proc/sys/kernel/random/boot_id
    ls /etc/mark-* 2>/dev/null; sudo touch /etc/mark-mine' >"$file"
  after=$(date +%s.%N)
  ssh-keyscan -t ed25519 "$(address "$1")" 2>/dev/null | cut -d' ' -f3 >>"$file"
  awk -v b="$before" -v n="$(head -n 1 "$file")" -v a="$after" 'BEGIN { exit !(n > b - 1 && n < a + 1) }'
}

# nothing_is_shared N: of what as many guests said.
nothing_is_shared() {
  local -a files=("$BATS_TEST_TMPDIR"/who-*)
  local file
  [ "${#files[@]}" -eq "$1" ]
  for file in "${files[@]}"; do
    [ "$(sed 1d "$file" | wc -l)" -eq 5 ]
  done
  [ "$(sed -s 1d "${files[@]}" | sort | uniq -d)" = '' ]
}
