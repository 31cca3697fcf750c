#!/usr/bin/env bats
# What .ci/promises makes of docs/promises.md.

setup() {
  top=$BATS_TEST_DIRNAME/..
  promises=$BATS_TEST_DIRNAME/promises
}

@test "each promise has a number of its own, and is shown by what there is" {
  local number name
  [ "$("$promises" --names | cut -f1 | sort -u | wc -l)" -eq "$(grep -cE '^\| *[A-Z][0-9]+ *\|' "$top/docs/promises.md")" ]
  while IFS=$'\t' read -r number name; do
    case $name in
      *.bats) [ -e "$top/runtime/test/$name" ] || [ -e "$top/.ci/$name" ] ;;
      './verify --'*) grep -qF "#   ${name%% --*} --$(sed 's/.* --//; s/ .*//' <<<"$name")" "$top/verify" ;;
      'virtainer bench'* | 'mvn '*) ;;
      *) [ "$(find "$top/src" -name "$name.java" | wc -l)" -eq 1 ] ;;
    esac || {
      echo "$number: $name"
      return 1
    }
  done < <("$promises" --names)
}

@test "a promise is shown when all of its tests have passed" {
  local passed=$BATS_TEST_TMPDIR/passed all shown
  "$promises" --names | cut -f2 | sort -u >"$passed"
  run "$promises" "$passed"
  [ "$status" -eq 0 ]
  [ "${#lines[@]}" -eq 1 ]
  [[ $output =~ ([0-9]+)\ of\ ([0-9]+)$ ]]
  [ "${BASH_REMATCH[1]}" -eq "${BASH_REMATCH[2]}" ]
  sed -i '/^container.bats$/d' "$passed"
  run "$promises" "$passed"
  [[ $output =~ ([0-9]+)\ of\ ([0-9]+) ]]
  all=${BASH_REMATCH[2]} shown=${BASH_REMATCH[1]}
  [ "$shown" -lt "$all" ]
  [ "${#lines[@]}" -eq $((all - shown + 1)) ]
  [[ ${lines[1]} == *'(container.bats'*')' ]]
}

@test "a class has passed when none of its tests failed, and one was not skipped" {
  local reports=$BATS_TEST_TMPDIR/reports
  mkdir "$reports"
  report() { printf '<testsuite xmlns:xsi="x" name="a.b.%s" time="1" tests="%d" errors="%d" skipped="%d" failures="%d" flakes="0">\n' "$@" >"$reports/TEST-$1.xml"; }
  report GoodTest 3 0 1 0
  report SkippedIT 3 0 3 0
  report BadTest 3 0 0 1
  report WorseTest 3 1 0 0
  run "$promises" --passed 0 "$reports" "$BATS_TEST_TMPDIR/none"
  [ "$status" -eq 0 ]
  [ "$output" = GoodTest ]
  run "$promises" --passed "$((EPOCHSECONDS + 60))" "$reports"
  [ "$output" = '' ]
}
