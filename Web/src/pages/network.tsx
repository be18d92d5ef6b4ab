// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { bytes, count } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useStatus } from "../data/live";
import { useResource } from "../data/useResource";
import { Badge, Card, Empty, Heading, Id, Loaded, Table, Tile } from "../parts/basics";

type Peer = Schemas["NetworkPeer"];
/** The most peers that are drawn; the table has them all. */
const drawnMax = 48;

/** Whom this gateway is connected with. */
export function NetworkPage(): JSX.Element {
  const network = useResource("network", () => gateway.get<Schemas["Network"]>("/v1/network"), 3_000);
  const peers = useResource("peers", () => gateway.get<{ peers: Peer[] }>("/v1/network/peers"), 3_000);
  const status = useStatus();
  const names = new Map(status.data?.validators.map((one) => [one.publicKey, one.name]));
  const trips = new Map(status.data?.peers.map((one) => [one.publicKey, one.roundTripMilliseconds]));
  return (
    <>
      <Heading title="Network" lead="The machines that this gateway speaks with, and how far away they are" />
      <Loaded of={network} lines={3}>
        {(value) => (
          <div className="tiles">
            <Tile name="Connections" value={count(value.connections.length)} />
            <Tile name="Known peers" value={count(value.knownPeers)} />
            <Tile name="Received" value={bytes(value.protocols.reduce((sum, one) => sum + one.bytesIn, 0))} />
            <Tile name="Sent" value={bytes(value.protocols.reduce((sum, one) => sum + one.bytesOut, 0))} />
          </div>
        )}
      </Loaded>
      <Loaded of={peers} lines={6}>
        {(value) => value.peers.length === 0
          ? <Card><Empty icon="globe" title="This gateway knows nobody" /></Card>
          : (
            <>
              <Card title="Map"><Picture of={value.peers.slice(0, drawnMax)} names={names} trips={trips} /></Card>
              <Card title="Peers">
                <Table
                  caption="Peers" head={["Peer", "Role", "State", "Round trip", "Program", "Address"]} numeric={[3]}
                  rows={value.peers.map((one) => ({
                    key: one.peer,
                    cells: [
                      <>{names.get(one.publicKey ?? "") !== undefined && <b>{names.get(one.publicKey ?? "")} </b>}<Id value={one.peer} /></>,
                      one.roles ?? "—", <Badge tone={one.ban !== undefined ? "bad" : one.connected ? "good" : "plain"}>{one.ban !== undefined ? "banned" : one.connected ? "connected" : "known"}</Badge>,
                      trip(trips.get(one.publicKey ?? "")), one.agent, <code>{one.addresses[0] ?? "—"}</code>,
                    ],
                  }))}
                />
              </Card>
            </>
          )}
      </Loaded>
    </>
  );
}

const trip = (milliseconds: number | null | undefined): string =>
  milliseconds === null || milliseconds === undefined ? "—" : milliseconds < 0.1 ? "< 0.1 ms" : `${milliseconds.toFixed(1)} ms`;

/** Validators on the inner ring, all others on the outer one. */
function Picture({ of, names, trips }: { of: Peer[]; names: Map<string, string>; trips: Map<string, number | null> }): JSX.Element {
  const inner = of.filter((one) => one.roles?.includes("validator"));
  const outer = of.filter((one) => !one.roles?.includes("validator"));
  const placed = [inner, outer].flatMap((ring, at) => ring.map((peer, place) => {
    const angle = (2 * Math.PI * place) / ring.length - Math.PI / 2 + at * 0.35;
    const [rx, ry] = at === 0 ? [170, 88] : [330, 150];
    return { peer, x: 400 + rx * Math.cos(angle), y: 190 + ry * Math.sin(angle), kind: at === 0 ? "validator" : peer.roles?.includes("provider") ? "provider" : "other" };
  }));
  return (
    <div className="map">
      <svg viewBox="0 0 800 380" role="img" aria-label={`${inner.length} validators and ${outer.length} other peers around this gateway`}>
        <ellipse cx="400" cy="190" rx="170" ry="88" className="orbit" />
        <ellipse cx="400" cy="190" rx="330" ry="150" className="orbit" />
        {placed.map(({ peer, x, y }) => <line key={peer.peer} x1="400" y1="190" x2={x} y2={y} className={peer.connected ? "link" : "link off"} />)}
        {placed.map(({ peer, x, y, kind }) => (
          <g key={peer.peer} className={`${kind} ${peer.connected ? "" : "off"}`}>
            <circle cx={x} cy={y} r={kind === "validator" ? 13 : 10} />
            <text x={x} y={y + (y < 190 ? -20 : 30)}>{names.get(peer.publicKey ?? "") ?? peer.roles ?? "peer"}</text>
            <text x={x} y={y + (y < 190 ? -34 : 44)} className="small">{trip(trips.get(peer.publicKey ?? ""))}</text>
          </g>
        ))}
        <g className="self"><circle cx="400" cy="190" r="20" /><text x="400" y="228">this gateway</text></g>
      </svg>
      <ul className="legend" aria-hidden="true">
        <li className="validator"><i />Validators</li><li className="provider"><i />Providers</li><li className="other"><i />Others</li>
      </ul>
    </div>
  );
}
