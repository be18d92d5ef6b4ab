# SPDX-License-Identifier: Apache-2.0
"""A go-libp2p node that does what it is told, line by line, over a control connection.

Usage: go_peer.py PORT [HOST], where 127.0.0.1:PORT takes the control connection; with a HOST it
listens there, speaks mDNS, and dials whom it hears of.
"""
import asyncio
import os
import sys

from libp2p import (
    DefaultMuxers, DefaultTransports, EnableNATService, Host, ListenAddrStrings, Ping,
    SecurityNoise,
)
from libp2p.dht import DHT, DhtModeEnum, Mode, NamespacedValidator, ProtocolPrefix
from libp2p.mdns import MdnsService
from libp2p.peer import Peer, addr_info_from_p2p_addr
from libp2p.ping import PingService
from libp2p.pubsub import PubSub
from libp2p.validator import Validator

ECHO = "/echo/1.0.0"


class Anything(Validator):
    def validate(self, key, value):
        return None

    def select(self, key, values):
        return 0


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))

    def say(line):
        writer.write((line + "\n").encode())

    place = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
    host = Host(
        ListenAddrStrings(f"/ip4/{place}/tcp/0"), DefaultTransports, SecurityNoise,
        DefaultMuxers, Ping, EnableNATService,
    )

    async def echo(stream):
        data = await stream.read_all()
        await stream.write(data)
        await stream.close()

    host.set_stream_handler(ECHO, echo)
    pubsub = await PubSub.new_gossip(host)
    dht = await DHT.new(
        host, Mode(DhtModeEnum.ModeServer), ProtocolPrefix("/atoll"),
        NamespacedValidator("atoll", Anything()),
    )
    topics = {}
    keep = []

    async def heard(info):
        await host.connect(info)

    if len(sys.argv) > 2:
        keep.append(MdnsService(host, "", heard))
        keep[0].start()
    address = [a for a in host.addrs if "/tcp/" in a and place in a][0]
    say(f"listening {address}/p2p/{host.id.string}")

    async def topic(name):
        if name not in topics:
            topics[name] = await pubsub.join(name)
        return topics[name]

    async def drain(name, subscription):
        async for message in subscription:
            say(f"message {name} {message.data.hex()} {message.from_peer.string}")

    async def do(line):
        words = line.split()
        verb, rest = words[0], words[1:]
        if verb == "dial":
            await host.connect(addr_info_from_p2p_addr(rest[0]))
            return "dialled"
        if verb == "ping":
            async for result in PingService(host).ping(Peer.decode(rest[0]).bytes):
                return f"error {result.error}" if result.error else f"pong {result.rtt}"
            return "error no answer"
        if verb == "echo":
            stream = await host.new_stream(Peer.decode(rest[0]), ECHO)
            await stream.write(bytes.fromhex(rest[1]))
            count, data = await stream.read_bytes(len(rest[1]) // 2)
            await stream.close()
            return f"echoed {data.hex()}"
        if verb == "subscribe":
            subscription = await (await topic(rest[0])).subscription()
            keep.append(asyncio.create_task(drain(rest[0], subscription)))
            return "subscribed"
        if verb == "publish":
            await (await topic(rest[0])).publish(bytes.fromhex(rest[1]))
            return "published"
        if verb == "put":
            await dht.put_value(rest[0].encode(), bytes.fromhex(rest[1]))
            return "put"
        if verb == "get":
            value = await dht.get_value(rest[0].encode())
            return f"got {value.hex() if value else '-'}"
        return f"error unknown verb {verb}"

    async def answer(line):
        try:
            say(await asyncio.wait_for(do(line), 25))
        except Exception as problem:
            say("error " + repr(problem).replace("\n", " "))

    while line := await reader.readline():
        if line.strip() == b"quit":
            break
        keep.append(asyncio.create_task(answer(line.decode().strip())))
    # The library's threads do not end by themselves.
    os._exit(0)


asyncio.run(main())
