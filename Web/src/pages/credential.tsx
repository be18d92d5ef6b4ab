// SPDX-License-Identifier: Apache-2.0
import React, { useState } from "react";
import { words } from "../data/format";
import { gateway } from "../data/gateway";
import type { Schemas } from "../data/gateway";
import { Form, TextField } from "../parts/act";
import { Badge, Card } from "../parts/basics";
import { Icon } from "../parts/icons";

/** Asks the gateway what holds of a credential; the checks it made are all shown. */
export function CredentialCard(): JSX.Element {
  const [text, setText] = useState("");
  const [found, setFound] = useState<Schemas["Verification"] | null>(null);
  const act = async (): Promise<void> => {
    setFound(null);
    const trimmed = text.trim();
    let credential: unknown = trimmed;
    if (trimmed.startsWith("{")) {
      try {
        credential = JSON.parse(trimmed);
      } catch {
        throw new Error("That is no JSON.");
      }
    }
    setFound(await gateway.post<Schemas["Verification"]>("/v1/credentials/verify", { verifiableCredential: credential }));
  };
  return (
    <Card title="Check a credential" aside={found !== null && <Badge tone={found.verified ? "good" : "bad"}>{found.verified ? "holds" : "does not hold"}</Badge>}>
      <Form label="Check it" act={act} disabled={text.trim() === ""}>
        <TextField name="Credential" rows={4} value={text} onChange={(event) => setText(event.target.value)} hint="A W3C verifiable credential as JSON, or an SD-JWT" spellCheck={false} />
      </Form>
      {found !== null && (
        <ul className="checks">
          {found.results.flatMap((result) => result.checks.map((one, place) => (
            <li key={`${result.name} ${place}`} className={one.holds ? "holds" : "fails"}>
              <Icon name={one.holds ? "check" : "cross"} size={16} />
              <div><b>{words(one.check)}</b><span>{one.detail ?? one.name ?? ""}</span></div>
            </li>
          )))}
        </ul>
      )}
    </Card>
  );
}
