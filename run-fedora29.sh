#!/bin/bash
# Runs Fedora 29 as the original virtainers' script of this name does; images/run-prepared
# says with what. Options are those of "virtainer run".
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/images/run-prepared" fedora29 fedora:29 "$@"
