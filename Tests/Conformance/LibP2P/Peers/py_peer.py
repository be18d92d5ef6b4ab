# SPDX-License-Identifier: Apache-2.0
"""A py-libp2p node that does what it is told, line by line, over a control connection.

Usage: py_peer.py PORT KEY VERSIONS [HOST], where 127.0.0.1:PORT takes the control connection; with a
HOST it listens there and speaks mDNS.
"""
import secrets
import sys

import multiaddr
import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.crypto.rsa import create_new_key_pair as create_rsa_key_pair
from libp2p.crypto.secp256k1 import create_new_key_pair as create_secp256k1_key_pair
from libp2p.custom_types import TProtocol
from libp2p.host.autonat.autonat import AutoNATService
from libp2p.host.ping import PingService
from libp2p.kad_dht.kad_dht import DHTMode, KadDHT
from libp2p.peer.id import ID
from libp2p.peer.peerinfo import info_from_p2p_addr
from libp2p.pubsub.gossipsub import GossipSub
from libp2p.pubsub.pubsub import Pubsub
from libp2p.records.validator import Validator
from libp2p.tools.anyio_service import background_trio_service

ECHO = TProtocol("/echo/1.0.0")


class Anything(Validator):
    def validate(self, key, value):
        return None

    def select(self, key, values):
        return 0


def key_pair(kind):
    if kind == "rsa":
        return create_rsa_key_pair(2048)
    if kind == "secp256k1":
        return create_secp256k1_key_pair()
    return create_new_key_pair(secrets.token_bytes(32))


async def main():
    control = await trio.open_tcp_stream("127.0.0.1", int(sys.argv[1]))
    lock = trio.Lock()

    async def say(line):
        async with lock:
            await control.send_all((line + "\n").encode())

    async def echo(stream):
        while True:
            data = await stream.read(65536)
            if not data:
                break
            await stream.write(data)
        await stream.close()

    place = sys.argv[4] if len(sys.argv) > 4 else None
    listen = [multiaddr.Multiaddr(f"/ip4/{place or '127.0.0.1'}/tcp/0")]
    host = new_host(
        key_pair=key_pair(sys.argv[2]), listen_addrs=listen, enable_mDNS=place is not None)
    gossip = GossipSub(
        protocols=[TProtocol("/meshsub/%s" % v) for v in sys.argv[3].split(",")],
        degree=6, degree_low=4, degree_high=12, heartbeat_interval=1,
        **({} if sys.argv[3] == "1.0.0" else {"spam_protection_enabled": False}),
    )
    pubsub = Pubsub(host, gossip, strict_signing=True)
    dht = KadDHT(host, DHTMode.SERVER)
    dht.register_validator("atoll", Anything())
    async with host.run(listen_addrs=listen), trio.open_nursery() as nursery:
        nursery.start_soon(host.get_peerstore().start_cleanup_task, 60)
        async with background_trio_service(pubsub), background_trio_service(gossip), \
                background_trio_service(dht):
            await pubsub.wait_until_ready()
            host.set_stream_handler(ECHO, echo)
            autonat = AutoNATService(host)
            address = host.get_addrs()[0]
            await say(f"listening {address}")

            async def drain(topic, subscription):
                while True:
                    message = await subscription.get()
                    await say(f"message {topic} {message.data.hex()} {ID(message.from_id)}")

            async def do(line):
                words = line.split()
                verb, rest = words[0], words[1:]
                if verb == "dial":
                    await host.connect(info_from_p2p_addr(multiaddr.Multiaddr(rest[0])))
                    return "dialled"
                if verb == "ping":
                    rtts = await PingService(host).ping(ID.from_base58(rest[0]), 2)
                    return f"pong {rtts[0]}"
                if verb == "echo":
                    stream = await host.new_stream(ID.from_base58(rest[0]), [ECHO])
                    await stream.write(bytes.fromhex(rest[1]))
                    await stream.close_write()
                    data = b""
                    while len(data) < len(rest[1]) // 2:
                        more = await stream.read(65536)
                        if not more:
                            break
                        data += more
                    await stream.close()
                    return f"echoed {data.hex()}"
                if verb == "protocols":
                    names = host.get_peerstore().get_protocols(ID.from_base58(rest[0]))
                    return "protocols " + " ".join(sorted(str(name) for name in names))
                if verb == "subscribe":
                    subscription = await pubsub.subscribe(rest[0])
                    nursery.start_soon(drain, rest[0], subscription)
                    return "subscribed"
                if verb == "publish":
                    await pubsub.publish(rest[0], bytes.fromhex(rest[1]))
                    return "published"
                if verb == "know":
                    info = info_from_p2p_addr(multiaddr.Multiaddr(rest[0]))
                    host.get_peerstore().add_addrs(info.peer_id, info.addrs, 3600)
                    await dht.add_peer(info.peer_id)
                    return "known"
                if verb == "put":
                    await dht.put_value(rest[0], bytes.fromhex(rest[1]))
                    return "put"
                if verb == "get":
                    value = await dht.get_value(rest[0])
                    return f"got {value.hex() if value else '-'}"
                if verb == "find":
                    info = await dht.find_peer(ID.from_base58(rest[0]))
                    return f"found {info.peer_id if info else '-'}"
                if verb == "autonat":
                    status, _ = await autonat.query_server(ID.from_base58(rest[0]))
                    return f"answered {status}"
                if verb == "provide":
                    await dht.provide(rest[0])
                    return "provided"
                return f"error unknown verb {verb}"

            async def answer(line):
                try:
                    with trio.fail_after(25):
                        await say(await do(line))
                except Exception as problem:
                    await say("error " + repr(problem).replace("\n", " "))

            buffer = b""
            while True:
                data = await control.receive_some(65536)
                if not data:
                    break
                buffer += data
                while b"\n" in buffer:
                    line, buffer = buffer.split(b"\n", 1)
                    if line == b"quit":
                        nursery.cancel_scope.cancel()
                        return
                    nursery.start_soon(answer, line.decode())
            nursery.cancel_scope.cancel()


trio.run(main)
