// SPDX-License-Identifier: Apache-2.0
// Machines that know one another, work for one another, and pay: Helios, Synapse and Chronos.
//
//   GATEWAY=http://127.0.0.1:8080 node examples/machines/machines.mjs
import { readFileSync } from "node:fs";
import {
  GatewayClient, chronos, formatAmount, helios, newSeed, openSession, parseAmount, signerOf,
  synapse, utf8,
} from "../../SDKs/javascript/dist/atoll.js";

const here = (path) => new URL(path, import.meta.url);
const client = new GatewayClient(process.env.GATEWAY ?? "http://127.0.0.1:8080");

// An owner with test money, who pays for its machines.
const session = await openSession(client, await signerOf(await newSeed()));
await client.post("/v1/faucet", { account: session.signer.account });
while ((await client.account(session.signer.account)).balances.length === 0) {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

// Helios: a drone gets an identity, and a maker's credential that anybody can check.
const maker = await helios.createMachineIdentity(session);
const drone = await helios.createMachineIdentity(session);
const credential = await helios.issueCredential(maker.signer, {
  type: "ManufacturerAttestation", subject: drone.did,
  claims: {
    manufacturer: "Reef Works", model: "Surveyor 2", serialNumber: "D-17",
    manufactured: "2026-11-01T00:00:00Z",
  },
});
const trust = { ManufacturerAttestation: [maker.did] };
const [finding] = await helios.verifyCredentials(client, [credential], trust);
console.log(`helios: ${drone.did} is a machine of ${maker.did}: ${finding.verified}`);
const forged = { ...credential, credentialSubject: { ...credential.credentialSubject, model: "X" } };
const [lie] = await helios.verifyCredentials(client, [forged], trust);
console.log(`helios: the same with another model: ${lie.verified}`);

// Synapse: it finds who can count words, lets them bid, and has the work done.
const services = await synapse.discoverServices(client, { capability: "wasm/1", freeSlots: 1 });
console.log(`synapse: ${services.length} machines offer wasm/1`);
const negotiated = await synapse.negotiateTask(session, {
  module: readFileSync(here("../wordcount/wordcount.wasm")),
  standardInput: utf8("sand sea sand"), replicas: 1,
}, parseAmount("5"));
const prices = negotiated.awards.map((one) => formatAmount(one.price)).join(" and ");
console.log(`synapse: awarded for ${prices}`);
const execution = await synapse.coordinateExecution(session, negotiated);
const words = new TextDecoder().decode(execution.output).match(/\d+ words/)?.[0];
console.log(`synapse: the program counted ${words}`);
console.log(`synapse: ${execution.checks.length} checks of its receipt hold`);

// Chronos: it pays, holds the rest of a price in escrow until a milestone, and stakes.
const payment = await chronos.processPayment(session, [
  { account: drone.signer.account, amount: parseAmount("3") },
]);
console.log(`chronos: 3 paid in block ${payment.height}`);
const contract = await chronos.createEscrowContract(session, {
  payee: drone.signer.account, amount: parseAmount("10"), milestones: [400_000n, 600_000n],
});
await chronos.releaseEscrow(session, contract.number, 0);
await chronos.cancelEscrow(session, contract.number);
const { balances } = await client.account(drone.signer.account);
console.log(`chronos: the drone has ${formatAmount(BigInt(balances[0].amount))}`);
const { validators } = await client.get("/v1/validators");
const stake = await chronos.delegateStake(session, validators[0].account, parseAmount("50"));
console.log(`chronos: 50 stand behind ${validators[0].name} from block ${stake.height}`);
