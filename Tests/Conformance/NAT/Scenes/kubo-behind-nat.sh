#!/bin/sh
# Kubo and a peer behind one NAT each, and a relay with a public address between them:
#
#   hosta 10.0.2.2 -- nata 45.77.0.2 -- net0 45.77.0.1 (relay) -- natb 45.77.0.3 -- hostb 10.0.3.2 (Kubo)
#
# Three more peers at 45.77.0.11 to 13 see Kubo too: it believes an address when four have seen it there.
#
# Usage: kubo-behind-nat.sh PEER LOGS PYTHON SCRIPT WHO RULE-A RULE-B SECONDS, in namespaces of its own for
# mounts, network and processes (unshare). SCRIPT is kubo_peer.py; WHO comes through the relay is
# `peer` or `kubo`; what the three say goes to LOGS/kubo, LOGS/a, LOGS/relay.
set -eu
peer=$1 logs=$2 python=$3 script=$4 who=$5 rule_a=$6 rule_b=$7 seconds=$8
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export HOME="$logs"
net=45.77.0
. "$(dirname "$0")/networks.sh"

# serve NAME NUMBER [OPTION]: a peer at a public address; says where it is.
serve() {
    "$peer" --listen "$net.$2:4001" --key "$logs/$1.key" ${3:-} --seconds "$seconds" \
        > "$logs/$1" 2>&1 &
    for _ in $(seq 100); do
        grep -q '^listening ' "$logs/$1" && break
        sleep 0.1
    done
    sed -n 's/^listening //p' "$logs/$1" | head -1
}
relay=$(serve relay 1 --relay)
watchers=""
for number in 11 12 13; do
    ip addr add "$net.$number/24" dev net0
    watchers="$watchers $(serve "watcher-$number" "$number")"
done

# shellcheck disable=SC2086 # one word a watcher
ip netns exec hostb python3 -u -c '
import os, socket, sys, time
server = socket.create_server(("127.0.0.1", 7000))
print("ready")
kubo = server.accept()[0]
for line in kubo.makefile():
    print(line, end="")
    if line.startswith("listening "):
        for address in sys.argv[2:]:
            kubo.sendall(f"dial {address}\n".encode())
        # Then what it is told later.
        while not os.path.exists(sys.argv[1]):
            time.sleep(0.1)
        kubo.sendall(f"dial {open(sys.argv[1]).read().strip()}\n".encode())
' "$logs/dial" $watchers > "$logs/kubo" 2>&1 &
for _ in $(seq 100); do
    grep -q '^ready' "$logs/kubo" && break
    sleep 0.1
done
ip netns exec hostb "$python" "$script" 7000 10.0.3.2 hides "$relay" "$net.3" \
    > "$logs/kubo-errors" 2>&1 &
for _ in $(seq 600); do
    grep -q ' direct inbound /ip4/45.77.0.3/' "$logs/watcher-13" && break
    sleep 0.1
done
kubo=$(sed -n 's/^listening .*\/p2p\///p' "$logs/kubo" | head -1)
# It looks for new addresses of its own every few seconds.
sleep 10
if [ "$who" = peer ]; then
    ip netns exec hosta "$peer" --connect "$relay" --connect "$relay/p2p-circuit/p2p/$kubo" \
        --seconds "$seconds" > "$logs/a" 2>&1 &
else
    ip netns exec hosta "$peer" --connect "$relay" --reserve --seconds "$seconds" > "$logs/a" 2>&1 &
    for _ in $(seq 100); do
        grep -q '^place ' "$logs/a" && break
        sleep 0.1
    done
    sed -n 's/^place //p' "$logs/a" | head -1 > "$logs/dial-next"
    mv "$logs/dial-next" "$logs/dial"
fi
wait $!
