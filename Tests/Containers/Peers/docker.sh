. /atoll/image.sh
mkdir -p /etc/docker
printf '{"runtimes":{"atoll":{"path":"%s"}}}' "$1" >/tmp/daemon.json
dockerd -H unix:///run/d.sock --data-root /tmp/dd --exec-root /run/dx -p /run/d.pid --storage-driver vfs \
    --iptables=false --ip6tables=false --bridge=none --config-file /tmp/daemon.json >/tmp/dd.log 2>&1 &
D="docker -H unix:///run/d.sock"
for _ in $(seq 150); do $D version >/dev/null 2>&1 && break; sleep 0.2; done
tar -C /tmp/image -c . | $D import - bb >/dev/null
new="--runtime atoll --network none"
try run $D run --rm $new bb sh -c 'echo hello; grep Seccomp: /proc/self/status; exit 3'
try detached $D run -d --name c1 $new --memory 64m bb sleep 100
try exec $D exec c1 echo inside
try terminal $D exec -t c1 echo terminal
try pause $D pause c1
try unpause $D unpause c1
try update $D update --memory 80m --memory-swap 80m c1
try stop $D stop -t 1 c1
try start $D start c1
try kill $D kill c1
try remove $D rm -f c1
try missing $D run --rm $new bb nosuch
try folder $D run --rm $new bb /tmp
try confined $D run --rm $new --read-only --tmpfs /tmp --user 1000:1000 --cap-drop ALL \
    --security-opt no-new-privileges bb sh -c 'id -u; touch /y; grep -E "CapBnd|NoNew" /proc/self/status'
try privileged $D run --rm $new --privileged bb true
try shared $D run --rm $new --pid host --ipc host --uts host bb true
kill "$(cat /run/d.pid)"
sleep 1
