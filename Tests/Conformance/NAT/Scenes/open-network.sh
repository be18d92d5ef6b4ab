#!/bin/sh
# A network of public addresses that leads nowhere else: Kubo, a peer that can be dialled, and one
# behind a NAT:
#
#   net0 45.77.0.1 (Kubo) -- hosta 45.77.0.2
#                         -- natb 45.77.0.3 -- hostb 10.0.3.2
#
# Usage: open-network.sh PEER LOGS PYTHON SCRIPT MODE SECONDS, in namespaces of its own for mounts,
# network and processes (unshare). SCRIPT is kubo_peer.py and MODE is for it; what the three say goes
# to LOGS/kubo, LOGS/a, LOGS/b.
set -eu
peer=$1 logs=$2 python=$3 script=$4 mode=$5 seconds=$6
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export HOME="$logs"

mount -t tmpfs none /run
mkdir /run/netns
ip link set lo up
ip link add net0 type bridge
ip addr add 45.77.0.1/24 dev net0
ip link set net0 up

ip netns add hosta
ip link add upa type veth peer name eth0 netns hosta
ip link set upa master net0 up
ip -n hosta addr add 45.77.0.2/24 dev eth0
for device in lo eth0; do ip -n hosta link set "$device" up; done

ip netns add natb
ip netns add hostb
ip link add upb type veth peer name wan netns natb
ip link set upb master net0 up
ip -n natb link add lan type veth peer name eth0 netns hostb
ip -n natb addr add 45.77.0.3/24 dev wan
ip -n natb addr add 10.0.3.1/24 dev lan
for device in lo wan lan; do ip -n natb link set "$device" up; done
ip -n hostb addr add 10.0.3.2/24 dev eth0
for device in lo eth0; do ip -n hostb link set "$device" up; done
ip -n hostb route add default via 10.0.3.1
ip netns exec natb sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
ip netns exec natb nft -f - <<RULES
table ip nat {
    chain leave { type nat hook postrouting priority 100; oifname "wan" masquerade; }
}
table ip filter {
    chain here { type filter hook input priority 0; iifname "wan" ct state new drop; }
    chain through { type filter hook forward priority 0; iifname "wan" ct state new drop; }
}
RULES

# Kubo is told what to do over a connection; here it is told nothing.
python3 -u -c '
import socket
server = socket.create_server(("127.0.0.1", 7000))
print("ready")
for line in server.accept()[0].makefile():
    print(line, end="")
' > "$logs/kubo" 2>&1 &
for _ in $(seq 100); do
    grep -q '^ready' "$logs/kubo" && break
    sleep 0.1
done
"$python" "$script" 7000 45.77.0.1 "$mode" > "$logs/kubo-errors" 2>&1 &
for _ in $(seq 600); do
    grep -q '^listening ' "$logs/kubo" && break
    sleep 0.1
done
kubo=$(sed -n 's/^listening //p' "$logs/kubo" | head -1)

ip netns exec hosta "$peer" --connect "$kubo" --seconds "$seconds" > "$logs/a" 2>&1 &
a=$!
ip netns exec hostb "$peer" --connect "$kubo" --seconds "$seconds" > "$logs/b" 2>&1 &
wait "$a" $!
