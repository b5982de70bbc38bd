#!/usr/bin/env bash
# Tests how `.ci/install` treats MPIs, with a cargo and compilers that only record their arguments:
# each MPI has a separate target folder, and a skipped MPI is explained.
set -euo pipefail
cd "$(dirname "$0")/../../.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/bin"
cat >"$place/bin/cargo" <<'S'
#!/usr/bin/env bash
case $* in
*dap-ffi-mpi*)
    [ -z "${FAIL:-}" ] || { echo "$FAIL" >&2; exit 101; }
    echo "$MPICC $CARGO_TARGET_DIR" >>"$LOG"
    name=daparray_mpi ;;
*dap-validate*)
    # A program that prints which page or completions it was asked for.
    mkdir -p "$CARGO_TARGET_DIR/debug"
    printf '#!/bin/sh\n%s\n%s\n' 'echo "page $*"' '[ "$*" != man ] || echo "dap\\-validate\\-check(1)"' >"$CARGO_TARGET_DIR/debug/dap-validate"
    chmod +x "$CARGO_TARGET_DIR/debug/dap-validate"
    exit 0 ;;
*) name=dap_ffi ;;
esac
mkdir -p "$CARGO_TARGET_DIR/debug"
touch "$CARGO_TARGET_DIR/debug/lib$name.a"
S
# A compiler whose mpi.h contains its own name, and which links by creating the output file.
cat >"$place/bin/cc" <<'S'
#!/usr/bin/env bash
case " $* " in
*" -E "*) cat >/dev/null; [ -z "${NO_HEADER:-}" ] || exit 1; echo "int ${0##*/};" ;;
*) while [ "$1" != -o ]; do shift; done; touch "$2" ;;
esac
S
chmod +x "$place"/bin/*
for name in mpicc mpicc.first mpicc.second; do cp "$place/bin/cc" "$place/bin/$name"; done
export LOG=$place/log CARGO=$place/bin/cargo CC=$place/bin/cc CARGO_TARGET_DIR=$place/target PROFILE=dev
unset MPI_TARGET_DIR MPI MPICC || true
install() { # PREFIX VARIABLES...
    local prefix=$place/$1
    shift
    env PREFIX="$prefix" "$@" .ci/install 2>&1
}
says() { # WHAT TEXT: fails unless the text has it
    grep -q "$1" <<<"$2" || { echo "install: expected '$1' in: $2" >&2; exit 1; }
}
says 'libdaparray_mpi for the MPI of .*mpicc.first' "$(install one MPICC="$place/bin/mpicc.first")"
says 'libdaparray_mpi for the MPI of .*mpicc.second' "$(install two MPICC="$place/bin/mpicc.second")"
install one MPICC="$place/bin/mpicc.first" MPI=yes >/dev/null
[ "$(wc -l <"$LOG")" = 3 ] && [ "$(sort -u "$LOG" | wc -l)" = 2 ] && [ "$(cut -d' ' -f2 "$LOG" | sort -u | wc -l)" = 2 ] ||
    { echo "install: two MPIs need two target folders:" >&2; cat "$LOG" >&2; exit 1; }
[ -e "$place/one/lib/libdaparray_mpi.so" ] && [ -e "$place/two/lib/libdaparray_mpi.so" ]
install given MPICC="$place/bin/mpicc.first" MPI_TARGET_DIR="$place/given-target" >/dev/null
says " $place/given-target\$" "$(tail -1 "$LOG")"
says 'skipped: MPI=no' "$(install three MPI=no)"
says 'skipped: there is no no-such-mpicc' "$(install three MPICC=no-such-mpicc)"
says 'skipped: .*cannot read mpi.h' "$(install three MPICC="$place/bin/mpicc" NO_HEADER=1)"
says 'skipped: .*no libclang.so is found.*libclang-dev' "$(install three MPICC="$place/bin/mpicc" LIBCLANG_PATH="$place/bin")"
says 'skipped: its library cannot be built' "$(install three MPICC="$place/bin/mpicc" FAIL='error: another')"
says 'error: another' "$(install three MPICC="$place/bin/mpicc" FAIL='error: another')"
[ ! -e "$place/three/lib/libdaparray_mpi.so" ] && [ -e "$place/three/lib/libdaparray.so" ]
says 'page man check' "$(cat "$place/one/share/man/man1/dap-validate-check.1")"
says 'page completions zsh' "$(cat "$place/one/share/zsh/site-functions/_dap-validate")"
install five MPI=no PROGRAM=no >/dev/null
[ ! -e "$place/five/bin" ] && [ ! -e "$place/five/share/man" ] || { echo "install: PROGRAM=no installs the program" >&2; exit 1; }
for why in MPICC=no-such-mpicc FAIL='error: another'; do
    if said=$(install four MPICC="$place/bin/mpicc" MPI=yes "$why"); then
        echo "install: MPI=yes went on without an MPI ($why): $said" >&2
        exit 1
    fi
    says 'MPI=yes, but' "$said"
done
echo "install: a folder for each MPI, and a reason for each that is skipped"
