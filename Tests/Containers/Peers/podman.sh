. /atoll/image.sh
P="podman --root /tmp/s/r --runroot /tmp/s/rr --storage-driver vfs --runtime $1"
tar -C /tmp/image -c . | $P import -q - bb >/dev/null
try run $P run --rm --network none bb sh -c 'echo hello; exit 3'
try detached $P run -d --name c1 --network none bb sleep 100
try exec $P exec c1 echo inside
try terminal $P exec -t c1 echo terminal
try pause $P pause c1
try unpause $P unpause c1
try stop $P stop -t 1 c1
try start $P start c1
try kill $P kill c1
try remove $P rm -f c1
try missing $P run --rm --network none bb nosuch
try tty $P run --rm -t --network none bb echo tty
try confined $P run --rm --network none --read-only --tmpfs /tmp -v /etc:/x:ro --memory 32m \
    --pids-limit 10 --user 1000:1000 bb sh -c 'id -u; touch /y; grep Seccomp: /proc/self/status'
try users $P run --rm --network none --uidmap 0:100000:65536 --gidmap 0:100000:65536 bb id -u
try hostname $P run --rm --network none --hostname other bb hostname
