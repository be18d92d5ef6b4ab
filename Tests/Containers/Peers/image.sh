# A root file system with a shell, in /tmp/image.
mkdir -p /tmp/image/bin /tmp/image/etc /tmp/image/tmp
cp /bin/busybox /tmp/image/bin/
for tool in sh true sleep echo id cat ls ps hostname head grep touch; do
    ln -s busybox /tmp/image/bin/$tool
done
# Says what a command gave: its name, its code, and what it said.
try() {
    name=$1
    shift
    said=$("$@" 2>&1 </dev/null)
    echo "$name $? $(printf '%s' "$said" | tr -d '\r' | tr '\n' '|')"
}
