#!/usr/bin/env bats
# What only many restores can show; takes a quarter of an hour and more, so it is run
# by hand: bats runtime/test/soak.bats. Needs Docker and virtainers/debian:12.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

setup_file() {
  make_volumes virtainers-bats-soak-$$
  name=virtainers-bats-soak-made-$$
  maker one -v "$volume:/templates" -v "$volume-marks:/template-marks"
  remove_containers
}

teardown_file() {
  remove_volumes
}

setup() {
  name=virtainers-bats-soak-$BATS_TEST_NUMBER-$$
}

teardown() {
  remove_containers
}

@test "50 guests restored in a row, then 10 at once, are each its own" {
  local i
  for ((i = 1; i <= 50; i++)); do
    guest "$i" -e BOOT=restore
    ask_who_it_is "$i"
    docker rm -f "$name-$i" >/dev/null
  done
  for ((i = 51; i <= 60; i++)); do guest "$i" -e BOOT=restore; done
  for ((i = 51; i <= 60; i++)); do ask_who_it_is "$i"; done
  nothing_is_shared 60
  on_volume 'cd $template; sha256sum --quiet -c sums'
}

@test "300 Java VMs over 30 restored guests, and none crashes" {
  local i
  printf '%s\n' 'import java.util.stream.*;' 'public class Work {' '  public static void main(String[] args) {' \
    '    long end = System.nanoTime() + 1_000_000_000L, sum = 0;' \
    '    while (System.nanoTime() < end) {' \
    '      sum += IntStream.range(0, 9999).boxed().collect(Collectors.toMap(i -> i, i -> "" + i)).hashCode();' \
    '    }' '    System.out.println("worked " + (sum != 0));' '  }' '}' >"$BATS_TEST_TMPDIR/Work.java"
  javac --release 17 -d "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/Work.java"
  jar --create --file "$BATS_TEST_TMPDIR/work.jar" --main-class Work -C "$BATS_TEST_TMPDIR" Work.class
  for ((i = 1; i <= 30; i++)); do
    guest "$i" -e BOOT=restore
    wait_for "$i" ' ready: ' 120
    in_guest "$i" 'true'
    scp -q -i "$key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
      "$BATS_TEST_TMPDIR/work.jar" "debian@$(address "$i"):"
    [ "$(in_guest "$i" 'for n in 1 2 3 4 5 6 7 8 9 10; do java -jar work.jar; done; ls hs_err* 2>/dev/null' | grep -c '^worked true$')" -eq 10 ]
    docker rm -f "$name-$i" >/dev/null
  done
}
