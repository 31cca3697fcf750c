#!/usr/bin/env bats
# A few seconds of the fuzzer of the runtime's readers, and what it found before.

@test "what others write is taken, or refused in a line, and never run: some inputs of each kind" {
  run timeout 300 "$BATS_TEST_DIRNAME/fuzz" --runs 40
  echo "$output"
  [ "$status" -eq 0 ]
  [ "$(grep -c ' inputs, ' <<<"$output")" -eq 11 ]
}

@test "the fuzzer says how it is called" {
  run "$BATS_TEST_DIRNAME/fuzz" --runs many
  [ "$status" -eq 64 ]
  [[ $output == *'fuzz [--runs N] [--seed S]'* ]]
}
