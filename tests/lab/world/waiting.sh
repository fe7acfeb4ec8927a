# How the lab fails, and how it waits: bounded, and with the last words of those who know why. Sourced by all that do.

# A guard against what hangs; usually one or two seconds are enough, but a machine may be busy with other things.
readonly PATIENCE_S=600

# fail MESSAGE [LOG...]: what went wrong, and the last words of those who know why.
fail() {
    echo "lab: $1" >&2
    shift
    local log
    for log; do
        [[ -f $LAB_DIR/log/$log ]] || continue
        echo "--- end of $log" >&2
        tail -n 15 "$LAB_DIR/log/$log" >&2
    done
    exit 70
}

# wait_until MESSAGE LOG COMMAND...: bounded, and over early when the process $watched has died.
wait_until() {
    local message=$1 log=$2 deadline=$((SECONDS + PATIENCE_S))
    shift 2
    until "$@"; do
        kill -0 "$watched" 2>/dev/null || fail "$message: the process has ended" "$log"
        ((SECONDS < deadline)) || fail "$message: no answer within $PATIENCE_S s" "$log"
        sleep 0.1
    done
}
