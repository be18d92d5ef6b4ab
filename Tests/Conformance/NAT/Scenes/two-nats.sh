#!/bin/sh
# Two networks behind one NAT each, a network between them, and a relay in it:
#
#   hosta 10.0.2.2 -- nata 203.0.113.2 -- net0 203.0.113.1 (relay) -- natb 203.0.113.3 -- hostb 10.0.3.2
#
# Usage: two-nats.sh PEER LOGS RULE-A RULE-B SECONDS, in namespaces of its own for mounts, network and
# processes (unshare): all of it ends with this script. PEER is atoll-peer; what each of the three
# peers says goes to LOGS/relay, LOGS/a, LOGS/b. RULE is what nftables does with what leaves.
set -eu
peer=$1 logs=$2 rule_a=$3 rule_b=$4 seconds=$5
PATH=/usr/sbin:/usr/bin:/sbin:/bin

. "$(dirname "$0")/networks.sh"

"$peer" --listen 203.0.113.1:4001 --key "$logs/relay.key" --relay --seconds "$seconds" \
    > "$logs/relay" 2>&1 &
for _ in $(seq 100); do
    grep -q '^listening ' "$logs/relay" && break
    sleep 0.1
done
relay=$(sed -n 's/^listening //p' "$logs/relay" | head -1)

ip netns exec hostb "$peer" --connect "$relay" --reserve --provide echo --seconds "$seconds" \
    > "$logs/b" 2>&1 &
ip netns exec hosta "$peer" --connect "$relay" --find echo --seconds "$seconds" \
    > "$logs/a" 2>&1 &
wait
