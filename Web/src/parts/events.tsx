// SPDX-License-Identifier: Apache-2.0
import React from "react";
import { ago, amount, brief, capital, unit, words } from "../data/format";
import type { ChainEvent } from "../../../SDKs/javascript/src/actions/followEvents";
import { Link } from "../data/router";
import { Icon } from "./icons";
import type { IconName } from "./icons";

const icons: { [module: string]: IconName } = {
  accounts: "send", market: "play", registry: "server", staking: "shield", validators: "shield",
  governance: "vote", treasury: "coins", identities: "person", names: "person", reputation: "check",
};

const caseOf = (event: ChainEvent): string => event.name.split(".")[1] ?? "";

/** Where an event leads to. */
function target(event: ChainEvent): string {
  const subject = String(event.data["subject"] ?? "");
  const module = String(event.data["module"] ?? "");
  if (module === "market" && typeof event.data["job"] === "string") return `/jobs/${event.data["job"]}`;
  if (module === "market") return `/jobs/${subject}`;
  if (module === "governance" && caseOf(event) !== "powerChanged") return `/proposals/${String(event.data["number"])}`;
  if (module === "registry" || module === "reputation") return `/providers/${subject}`;
  return `/blocks/${String(event.data["height"])}`;
}

/** One event in a line. */
export function EventRow({ event }: { event: ChainEvent }): JSX.Element {
  const module = event.name.split(".")[0] ?? "";
  const name = caseOf(event);
  const units = event.data["amount"];
  const to = event.data["to"];
  return (
    <li>
      <Icon name={icons[module] ?? "blocks"} size={16} />
      <Link to={target(event)}>
        <b>{capital(words(name))}</b>
        {typeof units === "string" && /^\d+$/.test(units) && <> {amount(units)} {unit}</>}
        {typeof to === "string" && <> to <code>{brief(to, 4)}</code></>}
      </Link>
      <span className="muted">{typeof event.data["time"] === "number" ? ago(event.data["time"]) : ""}</span>
    </li>
  );
}
