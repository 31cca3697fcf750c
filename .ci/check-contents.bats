#!/usr/bin/env bats
# .ci/check-contents: each of its rules, on a small jar and a small .hpi that break it. Needs Python and jq.
# shellcheck disable=SC2030,SC2031

# pack ARCHIVE NAME=CONTENT…: adds files to it.
pack() {
  python3 - "$@" <<'END'
import sys, warnings, zipfile
warnings.simplefilter("ignore")
with zipfile.ZipFile(sys.argv[1], "a") as archive:
    for file in sys.argv[2:]:
        name, content = file.split("=", 1)
        if content.startswith("@"):
            content = open(content[1:], "rb").read()
        archive.writestr(name, content)
END
}

# drop ARCHIVE NAME…: takes files out of it.
drop() {
  python3 - "$@" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    kept = {name: archive.read(name) for name in archive.namelist() if name not in sys.argv[2:]}
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name, content in kept.items():
        archive.writestr(name, content)
END
}

# sbom PROGRAM: the SBOM, in the jar and beside it, as this program of jq has it.
sbom() {
  jq "$1" "$BATS_TEST_TMPDIR/virtainer.cdx.json" >"$BATS_TEST_TMPDIR/changed"
  mv "$BATS_TEST_TMPDIR/changed" "$BATS_TEST_TMPDIR/virtainer.cdx.json"
  drop "$jar" META-INF/sbom/virtainer.cdx.json
  pack "$jar" "META-INF/sbom/virtainer.cdx.json=@$BATS_TEST_TMPDIR/virtainer.cdx.json"
}

# artifact NAME FILE=CONTENT…: in the repository.
artifact() {
  local folder=$repository/org/other/$1/1.0
  mkdir -p "$folder"
  pack "$folder/$1-1.0.jar" "${@:2}"
}

# named NAME: what the SBOM says of it.
named() {
  jq -n --arg name "$1" --arg sum "$(sha256sum <"$repository/org/other/$1/1.0/$1-1.0.jar" | cut -d' ' -f1)" '{
    group: "org.other", name: $name, version: "1.0", purl: "pkg:maven/org.other/\($name)@1.0?type=jar",
    hashes: [{alg: "SHA-256", content: $sum}], licenses: [{license: {id: "MIT"}}]}'
}

setup() {
  top=$BATS_TEST_DIRNAME/..
  repository=$BATS_TEST_TMPDIR/repository jar=$BATS_TEST_TMPDIR/virtainer.jar hpi=$BATS_TEST_TMPDIR/virtainers.hpi
  plugin=$BATS_TEST_TMPDIR/plugin.jar
  artifact one org/other/One.class=one org/other/one.txt=text META-INF/versions/11/org/other/One.class=newer
  artifact two org/other/two/Two.class=two
  jq -n --argjson one "$(named one)" --argjson two "$(named two)" \
    '{bomFormat: "CycloneDX", metadata: {}, components: [$one, $two]}' >"$BATS_TEST_TMPDIR/virtainer.cdx.json"
  ours=io/jenkins/plugins/virtainers
  pack "$jar" $'META-INF/MANIFEST.MF=Manifest-Version: 1.0\nMulti-Release: true\n' \
    "META-INF/sbom/virtainer.cdx.json=@$BATS_TEST_TMPDIR/virtainer.cdx.json" \
    org/other/One.class=one org/other/one.txt=text META-INF/versions/11/org/other/One.class=newer org/other/two/Two.class=two \
    "$ours/cli/Main.class=main" "$ours/engine/VmEngine.class=engine"
}

check() {
  run "$top/.ci/check-contents" --repository "$repository" --built-in /builder/of/this "$@"
  echo "$output"
}

# finds FILE SENTENCE: that alone, and the status says so.
finds() {
  check "$1"
  [ "$status" -eq 1 ]
  [ "${#lines[@]}" -eq 1 ]
  [[ $output == "check-contents: $1"*": $2"* ]]
}

# make_hpi: of the plugin's jar.
make_hpi() {
  [ -e "$plugin" ] || pack "$plugin" $'META-INF/MANIFEST.MF=Manifest-Version: 1.0\n' index.jelly=x \
    "$ours/VirtainerCloud.class=cloud" "$ours/engine/VmEngine.class=engine" "$ours/agent/Messages.class=m"
  rm -f "$hpi"
  pack "$hpi" $'META-INF/MANIFEST.MF=Manifest-Version: 1.0\n' WEB-INF/licenses.xml=x "WEB-INF/lib/virtainers.jar=@$plugin"
}

@test "a jar and a plugin with what belongs there are let through" {
  make_hpi
  check "$jar" "$hpi"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = "$jar: 2 classes of this project, 3 of the 2 artifacts that its SBOM names" ]
  [ "${lines[1]}" = "$hpi: 3 classes of this project, none of others" ]
}

@test "what cannot be read is a finding" {
  finds "$BATS_TEST_TMPDIR/nowhere.jar" 'it cannot be read: '
  echo no >"$BATS_TEST_TMPDIR/no.hpi"
  finds "$BATS_TEST_TMPDIR/no.hpi" 'it cannot be read: '
}

@test "every finding has its sentence" {
  pack "$jar" a.txt= index.jelly=
  check "$jar"
  [ "$status" -eq 1 ]
  # Two are not expected, and are no artifact's.
  [ "${#lines[@]}" -eq 3 ]
}

@test "a class of no artifact that the SBOM names" {
  pack "$jar" org/more/More.class=x org/more/Other.class=x
  finds "$jar" 'org/more/More.class (and 1 more there) is of no artifact that the SBOM names.'
}

@test "a class that is not the artifact's, byte for byte, be it for a newer Java alone" {
  drop "$jar" META-INF/versions/11/org/other/One.class
  pack "$jar" META-INF/versions/11/org/other/One.class=Newer
  finds "$jar" 'META-INF/versions/11/org/other/One.class is of no artifact'
}

@test "a file that is not the artifact's, such as a library" {
  drop "$jar" org/other/one.txt
  pack "$jar" org/other/one.txt=Text
  finds "$jar" 'org/other/one.txt is of no artifact'
}

@test "an artifact that the SBOM does not name" {
  sbom 'del(.components[1])'
  finds "$jar" 'org/other/two/Two.class is of no artifact that the SBOM names.'
}

@test "an artifact that the SBOM names, and of which nothing is there" {
  drop "$jar" org/other/two/Two.class
  finds "$jar" 'the SBOM names org.other:two 1.0, and no class of it is here.'
}

@test "an artifact without version, licence, address or checksum" {
  sbom '.components[1].licenses = []'
  finds "$jar" 'the SBOM names org.other:two 1.0 without a licence.'
  sbom '.components[1].licenses = [{license: {name: "Two Licence"}}] | del(.components[1].purl)'
  finds "$jar" 'the SBOM names org.other:two 1.0 without its address in Maven (purl).'
  sbom '.components[1].purl = "pkg:maven/org.other/two@1.0" | .components[1].hashes |= map(.alg = "MD5")'
  finds "$jar" 'the SBOM names org.other:two 1.0 without its SHA-256.'
  sbom '.components[1].version = ""'
  check "$jar"
  [[ $output == *'the SBOM names org.other:two without a version.'* ]]
}

@test "an artifact that is another than the SBOM names, or is not there" {
  artifact two more=more
  finds "$jar" "$repository/org/other/two/1.0/two-1.0.jar is not the org.other:two 1.0 that the SBOM names"
  rm "$repository/org/other/two/1.0/two-1.0.jar"
  check "$jar"
  [ "$status" -eq 1 ]
  [[ $output == *'two-1.0.jar is not there to compare with'* ]]
}

@test "no SBOM, none beside the jar, another there, and one that is none" {
  cp "$BATS_TEST_TMPDIR/virtainer.cdx.json" "$BATS_TEST_TMPDIR/kept"
  echo >>"$BATS_TEST_TMPDIR/virtainer.cdx.json"
  finds "$jar" 'the SBOM in it is not the one beside it'
  rm "$BATS_TEST_TMPDIR/virtainer.cdx.json"
  finds "$jar" 'its SBOM is not beside it'
  cp "$BATS_TEST_TMPDIR/kept" "$BATS_TEST_TMPDIR/virtainer.cdx.json"
  sbom 'del(.components)'
  finds "$jar" 'META-INF/sbom/virtainer.cdx.json is no SBOM of CycloneDX'
  drop "$jar" META-INF/sbom/virtainer.cdx.json
  finds "$jar" 'it has no SBOM'
}

@test "an SBOM that differs from build to build" {
  sbom '.serialNumber = "urn:uuid:1"'
  finds "$jar" 'META-INF/sbom/virtainer.cdx.json has a serialNumber'
  sbom 'del(.serialNumber) | .metadata.timestamp = "2026-01-01T00:00:00Z"'
  finds "$jar" 'META-INF/sbom/virtainer.cdx.json has a timestamp'
}

@test "the Jenkins face in the command, its pages too" {
  pack "$jar" "$ours/VirtainerCloud.class=x"
  finds "$jar" "$ours/VirtainerCloud.class is of the Jenkins face"
  drop "$jar" "$ours/VirtainerCloud.class"
  pack "$jar" "$ours/pages/GuestPage/index.jelly=x"
  finds "$jar" "$ours/pages/GuestPage/index.jelly is of the Jenkins face"
}

@test "what is not expected at the top, or in META-INF" {
  artifact one LICENSE.txt=x
  sbom ".components[0] = $(named one)"
  pack "$jar" LICENSE.txt=x
  finds "$jar" 'LICENSE.txt is not expected at its top level'
  drop "$jar" LICENSE.txt
  pack "$jar" META-INF/surprise=x
  finds "$jar" 'META-INF/surprise is not expected in META-INF.'
}

@test "a file twice, and names that lead out" {
  pack "$jar" META-INF/NOTICE=x META-INF/NOTICE=y
  finds "$jar" 'META-INF/NOTICE is in it twice'
  drop "$jar" META-INF/NOTICE
  pack "$jar" META-INF/maven/../../x=x
  finds "$jar" 'META-INF/maven/../../x is a name that leads out of the archive.'
}

@test "paths of the machine that built it" {
  pack "$jar" META-INF/NOTICE='see /builder/of/this/src'
  finds "$jar" 'META-INF/NOTICE names /builder/of/this, a folder of the machine that built it.'
  drop "$jar" META-INF/NOTICE
  pack "$jar" "$ours/cli/paths.txt=file:/home/somebody/x"
  finds "$jar" "$ours/cli/paths.txt names /home/somebody/, somebody's home folder."
  drop "$jar" "$ours/cli/paths.txt" META-INF/MANIFEST.MF
  pack "$jar" $'META-INF/MANIFEST.MF=Manifest-Version: 1.0\nMulti-Release: true\nBuilt-By: somebody\n'
  finds "$jar" 'its manifest says Built-By'
}

@test "what looks like a secret, by name or by content" {
  local name
  for name in id_ed25519 server.pem .env settings.xml credentials.json virtainer-build.log; do
    pack "$jar" "$ours/cli/$name=x"
    finds "$jar" "$ours/cli/$name looks like a secret"
    drop "$jar" "$ours/cli/$name"
  done
  # The first line alone is what readers of keys have.
  pack "$jar" "$ours/cli/a.txt=-----BEGIN PRIVATE KEY-----"
  check "$jar"
  [ "$status" -eq 0 ]
  pack "$jar" "$ours/cli/b.txt="$'-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n'
  finds "$jar" "$ours/cli/b.txt has a private key in it."
}

@test "what is left over of artifacts" {
  local name
  for name in META-INF/ONE.SF META-INF/ONE.RSA META-INF/one.dsa META-INF/ONE.EC META-INF/SIG-ONE META-INF/INDEX.LIST META-INF/DEPENDENCIES \
    META-INF/versions/9/OSGI-INF/MANIFEST.MF META-INF/proguard/one.pro; do
    pack "$jar" "$name=x"
    finds "$jar" "$name is left over"
    drop "$jar" "$name"
  done
  for name in module-info.class META-INF/versions/9/module-info.class; do
    pack "$jar" "$name=x"
    check "$jar"
    [ "$status" -eq 1 ]
    [[ $output == *"$name is left over"* ]]
    drop "$jar" "$name"
  done
  pack "$jar" META-INF/versions/11/one.txt=x
  finds "$jar" 'META-INF/versions/11/one.txt is left over: of a version of Java, only classes are wanted.'
}

@test "classes for newer Javas that nobody would read" {
  drop "$jar" META-INF/MANIFEST.MF
  pack "$jar" $'META-INF/MANIFEST.MF=Manifest-Version: 1.0\n'
  finds "$jar" 'it has META-INF/versions, and its manifest does not say Multi-Release: true'
}

@test "the command in the plugin, and other people's classes in its jar" {
  make_hpi
  pack "$plugin" "$ours/cli/Main.class=x"
  make_hpi
  finds "$hpi" "$ours/cli/Main.class is of the command, and this is the plugin."
  drop "$plugin" "$ours/cli/Main.class"
  pack "$plugin" io/other/Other.class=x
  make_hpi
  finds "$hpi" 'io/other/Other.class is a class of others.'
}

@test "an artifact of others in the plugin, a class beside its jar, and no jar" {
  make_hpi
  pack "$hpi" WEB-INF/lib/one-1.0.jar=x
  finds "$hpi" 'WEB-INF/lib/one-1.0.jar is an artifact of others'
  make_hpi
  pack "$hpi" WEB-INF/classes/A.class=x
  finds "$hpi" 'WEB-INF/classes/A.class is a class outside'
  drop "$hpi" WEB-INF/classes/A.class WEB-INF/lib/virtainers.jar
  finds "$hpi" 'it has no WEB-INF/lib/virtainers.jar.'
}

@test "a secret and a path in the plugin's jar" {
  make_hpi
  pack "$plugin" "$ours/server.key=x" "$ours/a.txt=/builder/of/this"
  make_hpi
  check "$hpi"
  [ "$status" -eq 1 ]
  [ "${#lines[@]}" -eq 2 ]
  [[ $output == *"virtainers.jar: $ours/server.key looks like a secret"* ]]
  [[ $output == *"virtainers.jar: $ours/a.txt names /builder/of/this"* ]]
}
