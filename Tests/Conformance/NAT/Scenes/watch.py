# SPDX-License-Identifier: Apache-2.0
"""Tells of what changes in the network of a node: watch.py PORT, one line an event."""

import json
import sys
import time
import urllib.request

known = set()
while True:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/v1/network", timeout=2) as answer:
            network = json.load(answer)
    except OSError:
        time.sleep(0.1)
        continue
    now = {f"reachability {network['reachability']}", f"places {network['placesHeld']}"}
    for address in network["addresses"]:
        if "/p2p-circuit" in address:
            now.add(f"place {address}")
    for one in network["connections"]:
        kind = "relayed" if "/p2p-circuit" in one["address"] else "direct"
        side = "inbound" if one["inbound"] else "outbound"
        now.add(f"way {one['peer']} {kind} {side} {one['address']}")
    for line in sorted(known - now):
        print(f"gone {line}")
    for line in sorted(now - known):
        print(line)
    known = now
    time.sleep(0.1)
