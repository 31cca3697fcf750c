#!/usr/bin/env bats
# What only many restores can show; takes a quarter of an hour and more, so it is run
# by hand: bats runtime/test/soak.bats. Needs Docker, virtainers/debian:12 and a JDK.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load guests

setup_file() {
  make_key
  make_volumes virtainers-bats-soak-$$
  name=virtainers-bats-soak-made-$$
  maker one --rm -v "$volume:/templates" -v "$volume-marks:/template-marks"
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
    wait_for "$i" ' ready: ' 60
    ask_who_it_is "$i"
    docker rm -f "$name-$i" >/dev/null
  done
  for ((i = 51; i <= 60; i++)); do guest "$i" -e BOOT=restore; done
  for ((i = 51; i <= 60; i++)); do
    wait_for "$i" ' ready: ' 120
    ask_who_it_is "$i"
  done
  nothing_is_shared 60
  on_volume 'cd $template; sha256sum --quiet -c sums'
}

@test "300 Java VMs over 30 restored guests, and none crashes" {
  local i said
  printf '%s\n' 'import java.util.stream.*;' 'public class Work {' '  public static void main(String[] args) {' \
    '    long end = System.nanoTime() + 1_000_000_000L, sum = 0;' \
    '    while (System.nanoTime() < end) {' \
    '      sum += IntStream.range(0, 9999).boxed().collect(Collectors.toMap(i -> i, i -> "" + i)).hashCode();' \
    '    }' '    System.out.println("worked " + (sum != 0));' '  }' '}' >"$BATS_TEST_TMPDIR/Work.java"
  javac --release 17 -d "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/Work.java"
  jar --create --file "$BATS_TEST_TMPDIR/work.jar" --main-class Work -C "$BATS_TEST_TMPDIR" Work.class
  for ((i = 1; i <= 30; i++)); do
    guest "$i" -e BOOT=restore
    wait_for "$i" ' ready: ' 60
    scp -q -i "$key" "${ssh_options[@]}" "$BATS_TEST_TMPDIR/work.jar" "debian@$(address "$i"):"
    said=$(in_guest "$i" 'work() { java -jar work.jar 2>&1 || echo "status $?"; }
      for n in 1 2 3 4 5; do work & work; wait; done')
    echo "$said"
    [ "$(sort <<<"$said" | uniq -c | tr -s ' ')" = ' 10 worked true' ]
    docker rm -f "$name-$i" >/dev/null
  done
}
