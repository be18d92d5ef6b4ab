# Two networks behind one NAT each, and a network between them; sourced by scenes with rule_a and
# rule_b, and with the first three numbers of the addresses between them where those are others.
net=${net:-203.0.113}
mount -t tmpfs none /run
mkdir /run/netns
ip link set lo up
ip link add net0 type bridge
ip addr add "$net.1/24" dev net0
ip link set net0 up

# nat NAME NUMBER RULE
nat() {
    ip netns add "nat$1"
    ip netns add "host$1"
    ip link add "up$1" type veth peer name wan netns "nat$1"
    ip link set "up$1" master net0 up
    ip -n "nat$1" link add lan type veth peer name eth0 netns "host$1"
    ip -n "nat$1" addr add "$net.$2/24" dev wan
    ip -n "nat$1" addr add "10.0.$2.1/24" dev lan
    for device in lo wan lan; do ip -n "nat$1" link set "$device" up; done
    ip -n "host$1" addr add "10.0.$2.2/24" dev eth0
    for device in lo eth0; do ip -n "host$1" link set "$device" up; done
    ip -n "host$1" route add default via "10.0.$2.1"
    ip netns exec "nat$1" sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
    # What nobody inside has asked for is dropped without a word, as NATs at home do.
    ip netns exec "nat$1" nft -f - <<RULES
table ip nat {
    chain leave { type nat hook postrouting priority 100; oifname "wan" $3; }
}
table ip filter {
    chain here { type filter hook input priority 0; iifname "wan" ct state new drop; }
    chain through { type filter hook forward priority 0; iifname "wan" ct state new drop; }
}
RULES
}
nat a 2 "$rule_a"
nat b 3 "$rule_b"
