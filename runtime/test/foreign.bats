#!/usr/bin/env bats
# A cloud image as distributions publish them, fetched from a server of the test's own:
# one is booted by its own kernel and saved, and guests are restored from it. Needs Docker,
# virtainers/debian:12, and what cloud-image needs.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  make_volumes virtainers-bats-foreign-$$
  docker volume create "$volume-images" >/dev/null
  export served=$BATS_FILE_TMPDIR/served
  mkdir "$served"
  "$BATS_TEST_DIRNAME/cloud-image" "$served/cloud.qcow2"
  serve "$served"
  IMAGE_URL=$server/cloud.qcow2
  IMAGE_CHECKSUM=$(sha256sum <"$served/cloud.qcow2" | cut -d' ' -f1)
  export IMAGE_URL IMAGE_CHECKSUM
}

teardown_file() {
  end_server
  remove_volumes
  docker volume rm -f "$volume-images" >/dev/null
}

setup() {
  image=$namespace/runtime
  name=virtainers-bats-foreign-$BATS_TEST_NUMBER-$$
  cloud=(-e IMAGE_URL -e IMAGE_CHECKSUM -v "$volume-images:/images")
}

teardown() {
  remove_containers
}

# find_java SUFFIX USER: the Java of an agent that no own one is new enough for.
find_java() {
  ssh -i "$key" "${ssh_options[@]}" -o BatchMode=yes "debian@$(address "$1")" \
    "sudo install -m 755 /dev/stdin /tmp/find-java && sudo -u $2 sh /tmp/find-java 99" \
    <"$BATS_TEST_DIRNAME/../../src/main/resources/io/jenkins/plugins/virtainers/engine/agent/find-java.sh"
}

@test "a cloud image is fetched, booted by its own kernel, and saved" {
  run maker one "${cloud[@]}" -v "$volume:/templates" -v "$volume-marks:/template-marks"
  [ "$status" -eq 0 ]
  [[ $output == *' kernel: /vmlinuz, without '*' qemu: started, direct boot'*' is made, '* ]]
  [ "$(grep -c '"GET /cloud.qcow2 ' "$BATS_FILE_TMPDIR/requests")" -eq 1 ]
  run docker run --rm --user 0 -v "$volume:/templates:ro" "$image" templates ls
  [[ $output == *$'\tcloud.qcow2\t2\t1024\ttcg\t'* ]]
}

@test "guests restored from it are sound, and share nothing that must be their own" {
  local i
  for i in 1 2 3; do
    guest "$i" "${cloud[@]}" -e BOOT=restore
    wait_for "$i" ' ready: ' 60
    ask_who_it_is "$i"
  done
  nothing_is_shared 3
  [ "$(in_guest 1 'sudo id -un; systemctl is-system-running')" = $'root\nrunning' ]
  [ "$(in_guest 1 hostname)" = "$(docker inspect -f '{{.Config.Hostname}}' "$name-1")" ]
  in_guest 1 'systemctl is-active qemu-guest-agent && getent hosts "$(hostname)"'
  run in_guest 1 'sudo grep -rh virtainers-template /home/debian/.ssh /root/.ssh /etc/hosts /etc/hostname'
  [ "$output" = '' ]
  on_volume 'cd $template; sha256sum --quiet -c sums'
}

@test "a Java for agents comes along, mounted where the user may, else to be copied" {
  guest one "${cloud[@]}" -e BOOT=restore
  wait_for one ' ready: ' 60
  run find_java one nobody
  [ "$status" -eq 10 ]
  [[ $output == *'its own is older than 99, and the disk with one cannot be mounted: '* ]]
  grep -qx gnu <<<"$output"
  local java
  java=$(find_java one debian)
  [ "$java" = /run/virtainers-disk/java/gnu/bin/java ]
  in_guest one "$java -version 2>&1" | grep Temurin
  [ "$(find_java one nobody)" = "$java" ]
  docker exec "$name-one" /usr/lib/virtainers/entrypoint agent-java gnu |
    ssh -i "$key" "${ssh_options[@]}" -o BatchMode=yes "debian@$(address one)" 'mkdir copy && tar -x -C copy'
  in_guest one 'copy/java/gnu/bin/java -version 2>&1' | grep Temurin
  run docker exec "$name-one" /usr/lib/virtainers/entrypoint agent-java ulibc
  [ "$status" -eq 66 ]
  [[ $output == *'this image was built without a Java for agents whose C library is ulibc'* ]]
}

# make_agent: echoes lines, under the Java for agents.
make_agent() {
  agent=$BATS_TEST_TMPDIR/agent
  mkdir "$agent"
  cp "$BATS_TEST_DIRNAME/../../src/main/resources/io/jenkins/plugins/virtainers/engine/agent/find-java.sh" "$agent/find-java"
  echo 'public class Agent { public static void main(String[] a) throws Exception { System.out.println("waits under " + System.getProperty("java.home")); for (int b; (b = System.in.read()) >= 0; ) System.out.write(b); System.out.flush(); } }' >"$agent/Agent.java"
  javac --release 17 -d "$agent" "$agent/Agent.java"
  rm "$agent/Agent.java"
  echo 'cd /run/virtainers/agent && exec "$(sh find-java 99)" -XX:+UseSerialGC Agent' >"$agent/start"
  digest=$(cd "$agent" && LC_ALL=C && sha256sum -- * | sha256sum | cut -d' ' -f1)
}

# bats test_tags=long
@test "an agent waits in its template, and is joined once" {
  make_agent
  run maker agent "${cloud[@]}" -v "$volume:/templates" -v "$volume-marks:/template-marks" -v "$agent:/tmp/agent:ro" -e "AGENT=$digest"
  echo "$output"
  [ "$status" -eq 0 ]
  guest one "${cloud[@]}" -e BOOT=restore -e "AGENT=$digest"
  wait_for one 'rung: restore: template .*, in which the agent waits' 20
  wait_for one ' ready: ' 60
  [ "$(echo hello | ssh -i "$key" "${ssh_options[@]}" -o BatchMode=yes "debian@$(address one)" \
    /run/virtainers-disk/bin/waiting-program join /run/virtainers/agent/socket)" = $'waits under /run/virtainers-disk/java/gnu\nhello' ]
  run in_guest one '/run/virtainers-disk/bin/waiting-program join /run/virtainers/agent/socket'
  [ "$status" -eq 117 ]
  [ "$(in_guest one 'systemctl is-system-running')" = running ]
}

# bats test_tags=long
@test "an agent that does not wait is no template, and a sentence" {
  agent=$BATS_TEST_TMPDIR/agent
  mkdir "$agent"
  echo 'echo "no room for it" >&2; exit 3' >"$agent/start"
  digest=$(cd "$agent" && sha256sum -- * | sha256sum | cut -d' ' -f1)
  local wanted=("${cloud[@]}" -v "$volume:/templates" -v "$volume-marks:/template-marks" -v "$agent:/tmp/agent:ro" -e "AGENT=$digest")
  maker one "${wanted[@]}" >"$BATS_TEST_TMPDIR/one" 3>&- &
  wait_for one 'qemu: started' 60
  # Whoever waited for that does not try again.
  run maker two "${wanted[@]}"
  echo "$output"
  [ "$status" -eq 71 ]
  [[ $output == *' is being made by another container'*'the guest cannot be saved: the agent does not wait: '*'no room for it'* ]]
  [[ $output != *'qemu: started'* ]]
  run wait $!
  [ "$status" -eq 71 ]
  guest three "${cloud[@]}" -e "AGENT=$digest"
  wait_for three 'agent: .*cannot be saved: the agent does not wait: ' 20
}

# bats test_tags=long
@test "what only cloud-init can apply is said, and booted" {
  guest password "${cloud[@]}" -e PASSWORD=secret-word
  wait_for password 'rung: direct: cloud-init sets the password' 20
  printf '#cloud-config\nwrite_files:\n  - {path: /etc/user-data, content: "applied\\n"}\n' >"$BATS_TEST_TMPDIR/user-data"
  guest data "${cloud[@]}" -v "$BATS_TEST_TMPDIR/user-data:/tmp/user-data:ro"
  wait_for data 'rung: direct: cloud-init applies user-data while the guest boots' 20
  guest larger "${cloud[@]}" -e DISK_SIZE=12G
  wait_for larger 'rung: direct: there is no template' 20
  wait_for larger 'template: wanted' 20
  docker rm -f "$name-password" "$name-larger" >/dev/null
  wait_for data ' ready: ' 300
  [ "$(in_guest data 'cat /etc/user-data; id -un')" = $'applied\ndebian' ]
}

# bats test_tags=long
@test "in a bridge it has the address of its container" {
  docker run -d --name "$name-one" --cap-add NET_ADMIN --device /dev/net/tun -e NETWORK=bridge -e CPU=2 -e ACCEL=tcg \
    -e EPHEMERAL=yes -v "$key.pub:/tmp/id_rsa.pub:ro" "${cloud[@]}" "$image" >/dev/null
  wait_for one ' network: bridge, ' 60
  wait_for one ' ready: ' 300
  [ "$(in_guest one 'ip -4 -o address show scope global | grep -oE "[0-9.]+/" | tr -d /')" = "$(address one)" ]
}

# bats test_tags=long
@test "an image without cloud-init, and one without an SSH server, end with a sentence" {
  local program
  for program in /usr/bin/cloud-init /usr/sbin/sshd; do
    "$BATS_TEST_DIRNAME/cloud-image" --without "$program" "$served/without.qcow2"
    IMAGE_URL=$server/without.qcow2 IMAGE_CHECKSUM=$(sha256sum <"$served/without.qcow2" | cut -d' ' -f1)
    guest "${program##*/}" "${cloud[@]}" -e BOOT_TIMEOUT=90
    wait_for "${program##*/}" 'failed: not-ready: no SSH banner after BOOT_TIMEOUT=90 s; .* and an image needs cloud-init and an SSH server' 120
    [ "$(docker wait "$name-${program##*/}")" -eq 75 ]
  done
}
