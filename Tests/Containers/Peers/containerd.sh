. /atoll/image.sh
containerd --root /tmp/cd --state /run/cd -a /run/cd.sock -l error >/tmp/cd.log 2>&1 &
daemon=$!
(umoci init --layout /tmp/oci && umoci new --image /tmp/oci:bb && umoci unpack --image /tmp/oci:bb /tmp/b \
    && cp -a /tmp/image/. /tmp/b/rootfs/ && umoci repack --image /tmp/oci:bb /tmp/b) >/dev/null 2>&1
tar -C /tmp/oci -cf /tmp/oci.tar .
for _ in $(seq 100); do [ -S /run/cd.sock ] && break; sleep 0.1; done
C="ctr -a /run/cd.sock"
$C image import --base-name bb --snapshotter native /tmp/oci.tar >/dev/null
new="--snapshotter native --runc-binary $1 bb:bb"
try run $C run --rm $new t1 /bin/sh -c 'echo hello; exit 3'
try detached $C run -d $new t2 /bin/sleep 100
try exec $C task exec --exec-id e1 t2 /bin/echo inside
try pause $C task pause t2
try list sh -c "$C task ls | grep -c PAUSED"
try resume $C task resume t2
try kill $C task kill -s 9 t2
sleep 1
try remove sh -c "$C task rm t2; $C container rm t2"
kill $daemon
