#!/usr/bin/env bash
# Prepares a Debian machine on which no container image can be pulled for `sam build` and `sam local`:
# the SAM CLI, a Docker daemon, and an image for the runtime provided.al2023 made from what SAM itself ships.
#
#   infra/sam.sh         set up; what is there already is left as it is   (as root)
#   infra/sam.sh stop    end the daemon that this script started, and the function containers in it
#
# A developer who has Docker and a registry needs none of this: `sam local` pulls its image by itself once
# skip_pull_image is taken out of samconfig.toml.
set -euo pipefail

sam_version=1.170.0
home=${SEATKEEPER_TOOLS:-${XDG_DATA_HOME:-$HOME/.local/share}/seatkeeper}
venv=$home/sam
pidfile=/var/run/seatkeeper-dockerd.pid
log=$home/dockerd.log

# SAM looks for the image under this name and takes the emulator of the machine's own architecture; samconfig.toml
# overrides the template's arm64 with x86_64, so on an arm machine pass Architecture=arm64 instead.
case $(uname -m) in
    x86_64) architecture=x86_64 ;;
    aarch64) architecture=arm64 ;;
    *) echo "sam.sh: Lambda has no architecture $(uname -m)" >&2; exit 1 ;;
esac
image=public.ecr.aws/lambda/provided:al2023-rapid-$architecture

fail() {
    echo "sam.sh: $*" >&2
    exit 1
}

install_packages() {
    local missing=()
    command -v dockerd >/dev/null || missing+=(docker.io)
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "installing ${missing[*]}"
    apt-get update -qq
    # An init system may be missing, so the package must not try to start a service; start_daemon does it.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        >"$home/apt.log" 2>&1 || fail "apt-get install ${missing[*]} failed, see $home/apt.log"
}

install_sam() {
    [ "$("$venv/bin/sam" --version 2>/dev/null || true)" != "SAM CLI, version $sam_version" ] || return 0
    echo "installing SAM CLI $sam_version"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "aws-sam-cli==$sam_version"
}

start_daemon() {
    ! docker info >/dev/null 2>&1 || return 0
    # Containers and virtual machines often forbid packet filter rules or overlay file systems, hence the second try.
    local flags
    for flags in "" "--iptables=false --storage-driver=vfs"; do
        # shellcheck disable=SC2086  # two words or none
        setsid nohup dockerd --pidfile "$pidfile" $flags >"$log" 2>&1 </dev/null &
        local pid=$!
        for _ in $(seq 60); do
            if docker info >/dev/null 2>&1; then
                echo "started dockerd $flags"
                return 0
            fi
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.5
        done
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
        rm -f "$pidfile"
    done
    fail "the Docker daemon does not start: $(tail -n 1 "$log")"
}

# Our functions are static binaries: the emulator as entry point, certificates and empty folders are a whole system
# for them. Without a shell, layers and --force-image-build do not work.
make_image() {
    ! docker image inspect "$image" >/dev/null 2>&1 || return 0
    echo "making image $image"
    local emulator root
    emulator=$("$venv/bin/python" -c 'import samcli, os; print(os.path.dirname(samcli.__file__))')/local/rapid/aws-lambda-rie-$architecture
    root=$(mktemp -d)
    # shellcheck disable=SC2064  # the folder of now, not of later
    trap "rm -rf '$root'" EXIT
    chmod 755 "$root"
    install -D -m 755 "$emulator" "$root/var/rapid/aws-lambda-rie"
    install -D -m 644 "$("$venv/bin/python" -m certifi)" "$root/etc/ssl/certs/ca-certificates.crt"
    mkdir -p "$root/var/task" "$root/var/runtime" "$root/opt"
    mkdir -m 1777 "$root/tmp"
    tar -C "$root" --owner=0 --group=0 -c . | docker import --change 'WORKDIR /var/task' \
        --change 'ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime' \
        --change 'ENTRYPOINT ["/var/rapid/aws-lambda-rie"]' - "$image" >/dev/null
}

# Only a daemon named by our own file is ended, and only while that process is still a dockerd: another daemon and
# its containers are not ours.
stop() {
    local pid
    pid=$(cat "$pidfile" 2>/dev/null || true)
    if [ -z "$pid" ] || [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != dockerd ]; then
        echo "no daemon of ours runs"
        return 0
    fi
    docker ps --all --quiet --filter label=sam.cli.container.type=lambda | xargs --no-run-if-empty docker rm --force >/dev/null
    kill "$pid"
    for _ in $(seq 60); do
        [ -d "/proc/$pid" ] || break
        sleep 0.5
    done
    [ ! -d "/proc/$pid" ] || fail "dockerd (process $pid) does not end"
    rm -f "$pidfile"
    echo "ended dockerd (process $pid)"
}

[ "$(id -u)" = 0 ] || fail "run it as root"
case ${1:-up} in
    up)
        mkdir -p "$home"
        install_packages
        install_sam
        start_daemon
        make_image
        echo "ready: export PATH=$venv/bin:\$PATH"
        ;;
    stop) stop ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
