# SPDX-License-Identifier: Apache-2.0
"""Prints the messages a second that one py-libp2p gossipsub host receives from another.

Arguments: bytes of a message, seconds. Both hosts live in this process, on one thread; messages are
not signed.
"""
import secrets
import sys
import time

import multiaddr
import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.custom_types import TProtocol
from libp2p.peer.peerinfo import info_from_p2p_addr
from libp2p.pubsub.gossipsub import GossipSub
from libp2p.pubsub.pubsub import Pubsub
from libp2p.tools.anyio_service import background_trio_service

SIZE, SECONDS = int(sys.argv[1]), float(sys.argv[2])
GOSSIP = TProtocol("/meshsub/1.1.0")
TOPIC = "bench"


def pubsub_of(host):
    router = GossipSub(protocols=[GOSSIP], degree=6, degree_low=4, degree_high=12,
                       max_messages_per_topic_per_second=1e9)
    return Pubsub(host, router, strict_signing=False), router


async def main():
    hosts = [new_host(key_pair=create_new_key_pair(secrets.token_bytes(32))) for _ in range(2)]
    anywhere = [multiaddr.Multiaddr("/ip4/127.0.0.1/tcp/0")]
    async with hosts[0].run(listen_addrs=anywhere), hosts[1].run(listen_addrs=anywhere):
        (first, router0), (second, router1) = (pubsub_of(host) for host in hosts)
        async with background_trio_service(first), background_trio_service(second), \
                background_trio_service(router0), background_trio_service(router1):
            subscription = await second.subscribe(TOPIC)
            own = await first.subscribe(TOPIC)
            address = multiaddr.Multiaddr(f"{hosts[1].get_addrs()[0]}")
            await hosts[0].connect(info_from_p2p_addr(address))
            await trio.sleep(3)
            received = 0

            async def take():
                nonlocal received
                while True:
                    await subscription.get()
                    received += 1

            async def drop():
                while True:
                    await own.get()

            async def give():
                body = secrets.token_bytes(SIZE)
                while True:
                    await first.publish(TOPIC, body)
                    await trio.sleep(0)

            async with trio.open_nursery() as nursery:
                nursery.start_soon(take)
                nursery.start_soon(drop)
                nursery.start_soon(give)
                await trio.sleep(1)
                before, begin = received, time.monotonic()
                await trio.sleep(SECONDS)
                print((received - before) / (time.monotonic() - begin), flush=True)
                nursery.cancel_scope.cancel()


try:
    trio.run(main)
except BaseException as error:  # what was printed counts; services end unwillingly
    if not isinstance(error, (trio.Cancelled, ExceptionGroup)):
        raise
