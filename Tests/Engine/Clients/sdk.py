# SPDX-License-Identifier: Apache-2.0
# What programs do with the Docker SDK for Python, at the socket of its first argument.
import io
import sys
import tarfile
import threading

import docker

client = docker.DockerClient(base_url="unix://" + sys.argv[1], version="auto", timeout=60)
none = {"network_mode": "none"}

assert client.ping()
assert client.version()["ApiVersion"] == "1.50"
said = client.containers.run("shell", ["echo", "it runs"], remove=True, **none)
assert said == b"it runs\n", said
try:
    client.containers.run("shell", ["sh", "-c", "echo bad >&2; exit 3"], remove=True, **none)
    raise SystemExit("a failure was not told")
except docker.errors.ContainerError as failure:
    assert failure.exit_status == 3 and failure.stderr == b"bad\n", failure
try:
    client.containers.get("nobody")
    raise SystemExit("a container that is not there was found")
except docker.errors.NotFound:
    pass

volume = client.volumes.create("sdk", labels={"made": "by-sdk"})
assert [v.name for v in client.volumes.list(filters={"label": "made=by-sdk"})] == ["sdk"]
heard = []
events = client.events(decode=True, filters={"type": "container"})


def listen():
    for event in events:
        heard.append(event["Action"])
        if event["Action"] == "destroy":
            return


listening = threading.Thread(target=listen, daemon=True)
listening.start()
box = client.containers.create(
    "shell", ["sh", "-c", "i=0; while true; do i=$((i+1)); echo line $i; sleep 0.05; done"],
    name="sdk", labels={"made": "by-sdk"}, mem_limit="64m",
    volumes={"sdk": {"bind": "/v", "mode": "rw"}}, tmpfs={"/t": ""},
    ulimits=[docker.types.Ulimit(name="nofile", soft=64, hard=128)], **none)
box.start()
box.reload()
assert box.status == "running" and box.labels["made"] == "by-sdk", box.attrs
assert [c.name for c in client.containers.list(filters={"label": "made=by-sdk"})] == ["sdk"]
code, output = box.exec_run(["sh", "-c", "echo in >/v/file; cat /v/file; ulimit -n; exit 5"])
assert (code, output) == (5, b"in\n64\n"), (code, output)
code, output = box.exec_run("sh -c 'echo a; echo b >&2'", demux=True)
assert (code, output) == (0, (b"a\n", b"b\n")), output
lines = box.logs(stream=True, follow=True)
first = b"".join(next(lines) for _ in range(3))
assert first.startswith(b"line 1\n"), first
assert len(box.logs(tail=2).splitlines()) == 2
stats = box.stats(stream=False)
assert stats["memory_stats"]["limit"] == 64 << 20, stats
assert stats["cpu_stats"]["system_cpu_usage"] > stats["precpu_stats"]["system_cpu_usage"]
one = next(box.stats(stream=True, decode=True))
assert one["name"] == "/sdk", one
assert any("sleep" in p[-1] or "sh" in p[-1] for p in box.top()["Processes"])
archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w") as tar:
    entry = tarfile.TarInfo("given")
    entry.size = 5
    tar.addfile(entry, io.BytesIO(b"given"))
assert box.put_archive("/v", archive.getvalue())
bits, status = box.get_archive("/v/given")
assert status["name"] == "given" and status["size"] == 5, status
with tarfile.open(fileobj=io.BytesIO(b"".join(bits))) as tar:
    assert tar.extractfile("given").read() == b"given"
assert {"Path": "/other", "Kind": 1} not in (box.diff() or [])
box.pause()
box.unpause()
box.rename("renamed")
box.update(mem_limit="128m", memswap_limit="256m")
box.stop(timeout=0)
assert box.wait()["StatusCode"] == 137
box.start()
box.kill()
box.remove(force=True)
listening.join(20)
wanted = ["create", "start", "pause", "unpause", "rename", "update", "die", "destroy"]
assert [a for a in heard if a in wanted[:6]] == ["create", "start"] + wanted[2:6] + ["start"], heard
volume.remove()
assert client.containers.prune()["ContainersDeleted"] in ([], None)
assert "shell:latest" in client.images.get("shell").tags
print("done")
