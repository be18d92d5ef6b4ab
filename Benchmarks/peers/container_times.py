# SPDX-License-Identifier: Apache-2.0
"""Times an OCI runtime: container_times.py KIND RUNS CLIENTS STATE BUNDLE [NAME=VALUE] RUNTIME

KIND is `start` (a whole container with `run`) or `exec` (a program in one that runs). Prints the median
wall time and processor time of one in ms, and how many a second CLIENTS at once do.

All runtimes are timed in a mount namespace without the tree of cgroup v2 that a machine may have beside
version 1, since crun refuses such a machine.
"""
import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import threading
import time

kind, runs, clients, state, bundle = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:6]
variables = dict(word.split("=", 1) for word in sys.argv[6:] if "=" in word)
runtime = [word for word in sys.argv[6:] if "=" not in word] + ["--root", state]
surroundings = {**os.environ, **variables}
CLONE_NEWNS, MS_REC, MS_PRIVATE, MNT_DETACH = 0x20000, 0x4000, 0x40000, 2
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(CLONE_NEWNS) or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None):
    sys.exit("no mount namespace")
libc.umount2(b"/sys/fs/cgroup/unified", MNT_DETACH)
nothing = os.open(os.devnull, os.O_RDWR)


def begin(words):
    files = [(os.POSIX_SPAWN_DUP2, nothing, n) for n in (0, 1)]
    return os.posix_spawn(words[0], words, surroundings, file_actions=files)


def once(words):
    process = begin(words)
    if os.waitpid(process, 0)[1] != 0:
        raise SystemExit("failed: " + " ".join(words))


def words(name):
    if kind == "start":
        return runtime + ["run", "--bundle", bundle, name]
    return runtime + ["exec", "resident", "/bin/true"]


if kind == "exec":
    sleeper = bundle + "-resident"
    os.makedirs(sleeper, exist_ok=True)
    configuration = json.load(open(bundle + "/config.json"))
    configuration["process"]["args"] = ["/bin/sleep", "300"]
    configuration["linux"]["cgroupsPath"] = "/atoll-bench/resident"
    json.dump(configuration, open(sleeper + "/config.json", "w"))
    once(runtime + ["run", "--detach", "--bundle", sleeper, "resident"])
try:
    for _ in range(3):
        once(words("warm"))
    walls = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(runs):
        start = time.perf_counter()
        once(words("timed"))
        walls.append((time.perf_counter() - start) * 1000)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000 / runs

    rate = 0.0
    if clients > 1:
        bundles = []
        for number in range(clients):
            folder = f"{bundle}-{number}"
            os.makedirs(folder, exist_ok=True)
            configuration = json.load(open(bundle + "/config.json"))
            configuration["linux"]["cgroupsPath"] = f"/atoll-bench/client-{number}"
            json.dump(configuration, open(folder + "/config.json", "w"))
            bundles.append(folder)

        def client(number):
            for _ in range(runs):
                once(runtime + ["run", "--bundle", bundles[number], f"client-{number}"])

        threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = runs * clients / (time.perf_counter() - start)
    print(statistics.median(walls), cpu, rate)
finally:
    if kind == "exec":
        subprocess.run(runtime + ["delete", "--force", "resident"], env=surroundings)
