#!/bin/sh
# A cloud whose gateway and provider are at home behind one NAT each, and whose validators have public
# addresses:
#
#   gateway 10.0.2.2 -- nata 203.0.113.2 -- net0 203.0.113.1 (validators) -- natb 203.0.113.3 -- provider 10.0.3.2
#
# Usage: cloud-behind-nats.sh ATOLL LOGS PROGRAM RULE-A RULE-B SECONDS, in namespaces of its own for
# mounts, network and processes (unshare). What the networks of gateway, provider and a validator come to goes to
# LOGS/a, LOGS/b, LOGS/relay, the job's result to LOGS/job, what nodes say to LOGS/NAME.log.
set -eu
atoll=$1 logs=$2 program=$3 rule_a=$4 rule_b=$5 seconds=$6
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export HOME="$logs"
here=$(dirname "$0")
. "$here/networks.sh"

# A local cloud gives keys and genesis; then its nodes move to where they belong.
home="$logs/cloud"
"$atoll" up --home "$home" --providers 1 --wait 60 > "$logs/up" 2>&1
"$atoll" down --home "$home" > "$logs/down" 2>&1
nodes="$home/local/nodes"
rm -f "$nodes"/*/data.peers
sed -i 's/@127\.0\.0\.1:/@203.0.113.1:/' "$nodes"/*/node.json
sed -i '/"listen"/s/127\.0\.0\.1/203.0.113.1/' "$nodes"/validator-*/node.json
sed -i '/"listen"/s/127\.0\.0\.1:[0-9]*/10.0.2.2:7400/' "$nodes"/gateway*/node.json
sed -i '/"listen"/s/127\.0\.0\.1:[0-9]*/10.0.3.2:7400/' "$nodes"/provider-1/node.json
# All three tell over HTTP how their network stands.
for name in provider-1 validator-1; do
    sed -i '0,/"listen"/s//"http": "127.0.0.1:8700",\n  "listen"/' "$nodes/$name/node.json"
done

start() { exec "$atoll" node start "$nodes/$1" --genesis "$home/local/genesis.json" 2> "$logs/$1.log"; }
for name in validator-1 validator-2 validator-3 validator-4; do start "$name" & done
gateway=$(basename "$nodes"/gateway*)
port=$(sed -n 's/.*"http": "127\.0\.0\.1:\([0-9]*\)".*/\1/p' "$nodes/$gateway/node.json")
ip netns exec hostb "$atoll" node start "$nodes/provider-1" --genesis "$home/local/genesis.json" \
    2> "$logs/provider.log" &
ip netns exec hosta "$atoll" node start "$nodes/$gateway" --genesis "$home/local/genesis.json" \
    2> "$logs/gateway.log" &
python3 -u "$here/watch.py" 8700 > "$logs/relay" 2>&1 &
ip netns exec hostb python3 -u "$here/watch.py" 8700 > "$logs/b" 2>&1 &
ip netns exec hosta python3 -u "$here/watch.py" "$port" > "$logs/a" 2>&1 &

text=/usr/share/common-licenses/GPL-3
[ -r "$text" ] || text="$here/../../../../LICENSE"
# The job waits until both know each other.
for _ in $(seq "$seconds"); do
    grep -q '^way .* relayed \|^way .*/203\.0\.113\.3/' "$logs/a" && break
    sleep 1
done
ip netns exec hosta "$atoll" run --home "$home" --replicas 1 --max-cost 50 "$program" "$(basename "$text")" \
    --input "$text" > "$logs/job" 2> "$logs/job-errors" || echo "failed $?" >> "$logs/job"
wait
