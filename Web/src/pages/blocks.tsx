// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { ago, brief, count, moment } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { useBlocks } from "../data/live";
import { Link } from "../data/router";
import { useResource } from "../data/useResource";
import { Card, Facts, Heading, Id, Loaded, Table } from "../parts/basics";

/** The newest blocks. */
export function BlocksPage(): JSX.Element {
  const blocks = useBlocks();
  return (
    <>
      <Heading title="Blocks" lead="Final as soon as they are here: nothing of them can be undone" />
      <Card>
        <Loaded of={blocks} lines={8}>
          {(list) => (
            <Table
              caption="Blocks" head={["Height", "When", "Transactions", "Signed by", "Hash"]} numeric={[2]}
              rows={[...list].reverse().slice(0, 40).map((one) => ({
                key: String(one.height),
                cells: [
                  <Link to={`/blocks/${one.height}`}><b>{count(one.height)}</b></Link>, ago(one.time),
                  one.transactions.length, one.signers.length, <code>{brief(one.hash, 8)}</code>,
                ],
              }))}
            />
          )}
        </Loaded>
      </Card>
    </>
  );
}

/** One block. */
export function BlockPage({ height }: { height: string }): JSX.Element {
  const block = useResource(`block ${height}`, () => gateway.get<Schemas["Block"]>(`/v1/blocks/${encodeURIComponent(height)}`));
  return (
    <>
      <Heading title={`Block ${height}`} lead={block.data === undefined ? undefined : moment(block.data.time)}>
        {Number(height) > 1 && <Link className="button" to={`/blocks/${Number(height) - 1}`}>Before</Link>}
        <Link className="button" to={`/blocks/${Number(height) + 1}`}>After</Link>
      </Heading>
      <Loaded of={block}>
        {(one) => (
          <div className="columns">
            <Card title="Header">
              <Facts of={[
                ["Hash", <Id value={one.hash} />], ["Parent", <Id value={one.parent} />], ["Slot", count(one.slot)],
                ["Proposed by", <Id value={one.proposer} />], ["Signed by", one.signers.join(", ")],
                ["State root", <Id value={one.stateRoot} />], ["Root is of block", count(one.stateHeight)],
              ]} />
            </Card>
            <Card title={`Transactions (${one.transactions.length})`}>
              {one.transactions.length === 0 ? <p className="muted">None: the block only says that time went on.</p> : (
                <ul className="lines">{one.transactions.map((hash) => <li key={hash}><Id value={hash} to={`/transactions/${hash}`} side={10} /></li>)}</ul>
              )}
            </Card>
          </div>
        )}
      </Loaded>
    </>
  );
}
