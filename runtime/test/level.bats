#!/usr/bin/env bats
# Memory templates in which an agent waits: that it is joined, that its siblings
# share nothing that must be their own, and what comes of every way to fail. Needs
# Docker, virtainers/debian:12 and a JDK.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  make_volumes virtainers-bats-level-$$
  name=virtainers-bats-level-made-$$
  make_agent
  # Of the plain guest, which the engine may have made already, and with the agent.
  docker run --rm --user 0 --entrypoint bash -v virtainers-templates:/from:ro -v "$volume:/templates" "$image" \
    -c 'shopt -s nullglob; for sums in /from/*/sums; do cp -a --sparse=always "${sums%/sums}" /templates; done'
  maker plain --rm -v "$volume:/templates" -v "$volume-marks:/template-marks"
  export agent_key
  agent_key=$(maker agent --rm -v "$volume:/templates" -v "$volume-marks:/template-marks" -v "$agent:/tmp/agent:ro" -e "AGENT=$digest" |
    sed -nE 's/.* template: ([0-9a-f]{32}) is made.*/\1/p')
  [ -n "$agent_key" ]
}

teardown_file() {
  remove_volumes
}

setup() {
  name=virtainers-bats-level-$BATS_TEST_NUMBER-$$
}

teardown() {
  remove_containers
  if [ -n "${volume_of_test-}" ]; then
    docker volume rm -f "$volume_of_test" >/dev/null
    volume_of_test=
    # That its copy of the template was set aside is nothing to the others.
    on_volume 'rm -f /template-marks/*'
  fi
}

# make_agent: one that has drawn numbers before it waits, and then answers each line.
make_agent() {
  local folder=$BATS_FILE_TMPDIR/agent
  mkdir "$folder"
  cat >"$folder/Agent.java" <<'END'
import java.io.*;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.UUID;

public class Agent {
  public static void main(String[] arguments) throws Exception {
    SecureRandom random = new SecureRandom();
    random.nextLong();
    UUID.randomUUID();
    File.createTempFile("before", ".tmp");
    long nanos = System.nanoTime(), millis = System.currentTimeMillis();
    System.out.println("waits");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = in.readLine()) != null; System.out.flush()) {
      switch (line) {
        case "draw":
          System.out.println(Long.toHexString(random.nextLong()) + "\n" + Long.toHexString(new SecureRandom().nextLong())
              + "\n" + UUID.randomUUID() + "\n" + File.createTempFile("mine", ".tmp") + "\n"
              + InetAddress.getLocalHost().getHostName());
          break;
        case "time":
          System.out.println(System.currentTimeMillis());
          System.out.println(System.nanoTime() > nanos && System.currentTimeMillis() > millis);
          break;
        case "bytes":
          System.out.write(new byte[3_000_000]);
          break;
        case "start":
          new ProcessBuilder("sleep", "1234").start();
          break;
        case "fail":
          System.err.println("as told");
          System.exit(42);
        default:
          System.out.println("said " + line);
      }
    }
    System.exit(5);
  }
}
END
  javac --release 17 -d "$folder" "$folder/Agent.java"
  rm "$folder/Agent.java"
  echo 'cd /run/virtainers/agent && exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 Agent' >"$folder/start"
  export agent=$BATS_FILE_TMPDIR/agent digest
  digest=$(digest_of "$agent")
}

# digest_of FOLDER: what AGENT is for the agent whose files are there.
digest_of() {
  (cd "$1" && LC_ALL=C && sha256sum -- * | sha256sum | cut -d' ' -f1)
}

with_agent() {
  guest "$1" -e BOOT=restore -e "AGENT=$digest"
  wait_for "$1" 'rung: restore: template .*, in which the agent waits' 20
  wait_for "$1" ' ready: ' 60
}

# join SUFFIX: the agent that waits; its input is ours.
join() {
  ssh -i "$key" "${ssh_options[@]}" -o BatchMode=yes "debian@$(address "$1")" \
    /usr/lib/virtainers/waiting-program join /run/virtainers/agent/socket
}

@test "an agent that waits in the template is joined byte for byte, once" {
  with_agent one
  run join one <<<$'hello\nfail'
  [ "$status" -eq 42 ]
  [ "$output" = $'waits\nsaid hello\nas told' ]
  run join one <<<hello
  [ "$status" -eq 117 ]
}

@test "it ends when who joined it hangs up" {
  with_agent one
  [ "$(printf 'bytes\n' | join one | wc -c)" -eq 3000006 ]
  [ "$(in_guest one 'sleep 1; pgrep -c java')" = 0 ]
}

@test "what it started goes on when it has ended" {
  with_agent one
  run join one <<<start
  [ "$status" -eq 5 ]
  in_guest one 'while systemctl is-active --quiet virtainers-agent; do sleep 1; done'
  [ "$(in_guest one 'pgrep -fx "sleep 1234" | wc -l')" = 1 ]
}

# bats test_tags=long
@test "the agents of ten guests share nothing that must be their own, and know the time" {
  local i said now
  for i in {1..10}; do
    with_agent "$i"
    now=$(date +%s%3N)
    said=$(printf 'draw\ntime\n' | join "$i") || [ "$?" -eq 5 ]
    sed -n 2,6p <<<"$said" >>"$BATS_TEST_TMPDIR/drawn"
    [ "$(sed -n 6p <<<"$said")" = "$(docker inspect -f '{{.Config.Hostname}}' "$name-$i")" ]
    awk -v a="$now" -v b="$(sed -n 7p <<<"$said")" -v c="$(date +%s%3N)" 'BEGIN { exit !(b > a - 1000 && b < c + 1000) }'
    [ "$(sed -n 8p <<<"$said")" = true ]
    docker rm -f "$name-$i" >/dev/null
  done
  [ "$(wc -l <"$BATS_TEST_TMPDIR/drawn")" -eq 50 ]
  [ "$(sort "$BATS_TEST_TMPDIR/drawn" | uniq -d)" = '' ]
  on_volume 'for sums in [0-9a-f]*/sums; do (cd "${sums%/*}" && sha256sum --quiet -c sums); done'
}

@test "another agent than the one of the template does not wait: the plain guest is restored" {
  guest one -e "AGENT=${digest//[0-7]/8}"
  wait_for one ' ready: ' 60
  docker logs "$name-one" 2>&1 | grep -q ' agent: does not wait in this guest: there is no template '
  docker logs "$name-one" 2>&1 | grep -q ' template: wanted '
  docker logs "$name-one" 2>&1 | grep -q ' rung: restore: template [0-9a-f]*$'
  run join one <<<hello
  [ "$status" -eq 117 ]
}

# plain_instead TEXT: a run says why no agent waits, and restores the plain guest.
plain_instead() {
  guest one -e "AGENT=$digest"
  wait_for one ' ready: ' 240
  docker logs "$name-one" 2>&1 | grep -q " agent: does not wait in this guest: .*$1"
  docker logs "$name-one" 2>&1 | grep -q ' rung: restore: template [0-9a-f]*$'
  run docker logs "$name-one"
  [[ $output != *' rung: direct'* ]]
}

@test "a damaged template with the agent gives way to the one of the plain guest" {
  damaged_key=$agent_key damaged 'truncate -s -100 $template/state'
  plain_instead "template $agent_key is damaged"
}

@test "so does one that QEMU cannot load" {
  damaged_key=$agent_key damaged "head -c 400000 /dev/urandom >\$template/state; $seal"
  plain_instead 'QEMU does not load the template'
}

@test "an agent that died while it waited is not joined" {
  with_agent one
  in_guest one 'pkill -9 java'
  run join one <<<hello
  [ "$status" -eq 117 ]
}

# bats test_tags=long
@test "an agent that does not start is told, and not tried again" {
  mkdir "$BATS_TEST_TMPDIR/agent"
  printf 'echo no such thing >&2; exit 3\n' >"$BATS_TEST_TMPDIR/agent/start"
  local broken
  broken=$(digest_of "$BATS_TEST_TMPDIR/agent")
  run maker broken -v "$volume:/templates" -v "$volume-marks:/template-marks" -v "$BATS_TEST_TMPDIR/agent:/tmp/agent:ro" -e "AGENT=$broken"
  [ "$status" -eq 71 ]
  [[ $output == *'the agent does not wait: '*'no such thing'* ]]
  guest one -e "AGENT=$broken"
  wait_for one ' ready: ' 60
  docker logs "$name-one" 2>&1 | grep -q ' agent: does not wait in this guest: .*no such thing'
  run docker logs "$name-one"
  [[ $output != *' template: wanted '* ]]
}

@test "a maker of a template with an agent wants its files, and the right ones" {
  run maker one -v "$volume:/templates" -e "AGENT=$digest"
  [ "$status" -eq 64 ]
  [[ $output == *'there is no /tmp/agent/start'* ]]
  run maker two -v "$volume:/templates" -v "$agent:/tmp/agent:ro" -e "AGENT=${digest//[0-7]/8}"
  [ "$status" -eq 64 ]
  [[ $output == *'and the files in /tmp/agent are '* ]]
}
