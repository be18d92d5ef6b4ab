// SPDX-License-Identifier: Apache-2.0
// Following events and logging in, against a gateway of a few lines.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { sdk } from "./sdk.mjs";

/** Runs a test beside a server; what it answers is a function of the request. */
async function beside(answer, body) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, key: request.headers.authorization, method: request.method });
    answer(request, response, asked.length);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await body(`http://127.0.0.1:${server.address().port}`, asked);
  } finally {
    server.closeAllConnections?.();
    await new Promise((resolve) => server.close(resolve));
  }
}

const event = (id, name = "accounts.transferred") => `id: ${id}\nevent: ${name}\ndata: {"n":1}\n\n`;

test("events come whole however the bytes are cut, and comments are no events", async () => {
  await beside((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const text = `retry: 1000\n\n${event("1.0")}:\n\n${event("1.1", "gap")}`;
    for (const letter of text) response.write(letter);
  }, async (address) => {
    const abort = new AbortController();
    const found = [];
    for await (const one of sdk.followEvents(new sdk.GatewayClient(address), { signal: abort.signal })) {
      found.push(one);
      if (found.length === 2) break;
    }
    assert.deepEqual(found.map((one) => [one.id, one.name]), [["1.0", "accounts.transferred"], ["1.1", "gap"]]);
    assert.deepEqual(found[0].data, { n: 1 });
  });
});

test("a lost stream is opened again after the last event, with the key of that moment", async () => {
  let key = "first";
  await beside((_, response, turn) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(event(`${turn}.0`));
    key = "second";
  }, async (address, asked) => {
    const client = new sdk.GatewayClient(address, { accessKey: () => key });
    const states = [];
    const options = { topics: ["jobs", "blocks"], isOpen: (isOpen) => states.push(isOpen) };
    const ids = [];
    for await (const one of sdk.followEvents(client, options)) {
      ids.push(one.id);
      if (ids.length === 2) break;
    }
    assert.deepEqual(ids, ["1.0", "2.0"]);
    assert.deepEqual(asked.map((one) => one.url), [
      "/v1/events?topics=jobs%2Cblocks", "/v1/events?topics=jobs%2Cblocks&after=1.0"]);
    assert.deepEqual(asked.map((one) => one.key), ["Bearer first", "Bearer second"]);
    assert.deepEqual(states.slice(0, 3), [true, false, true]);
  });
});

test("a refusal ends the following and says why", async () => {
  await beside((_, response) => {
    response.writeHead(401, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ type: "urn:atoll:problem:keyNeeded", detail: "show a key" }));
  }, async (address) => {
    const follow = sdk.followEvents(new sdk.GatewayClient(address));
    await assert.rejects(follow.next(), (failure) => failure instanceof sdk.GatewayProblem
      && failure.status === 401 && failure.code === "keyNeeded");
  });
});

test("a login signs the text it was shown, and nothing else", async () => {
  const signer = await sdk.signerOf(new Uint8Array(32).fill(3));
  let isHonest = true;
  await beside((request, response) => {
    response.writeHead(201, { "content-type": "application/json" });
    if (request.url === "/v1/access/sessions") {
      response.end(JSON.stringify({ token: "atolls_x", account: signer.account, expires: 1 }));
      return;
    }
    const text = `a gateway asks you to log in with ${signer.publicKey}`;
    const bytes = isHonest ? `atoll/login/1\0${text}` : "atoll/transaction/1\0all my money";
    const signedBytes = Buffer.from(bytes).toString("hex");
    response.end(JSON.stringify({ nonce: "n", text, signedBytes, expires: 1 }));
  }, async (address, asked) => {
    const client = new sdk.GatewayClient(address);
    assert.equal((await sdk.login(client, signer)).token, "atolls_x");
    isHonest = false;
    await assert.rejects(sdk.login(client, signer), /no login/);
    assert.equal(asked.filter((one) => one.url === "/v1/access/sessions").length, 1);
  });
});

test("a socket's address has a ticket where a key is shown, and none elsewhere", async () => {
  await beside((_, response) => {
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ ticket: "atollt_1", expires: 1 }));
  }, async (address, asked) => {
    const plain = await sdk.socketAddress(new sdk.GatewayClient(address));
    assert.equal(plain, `${address.replace("http", "ws")}/v1/socket`);
    assert.equal(asked.length, 0);
    const keyed = await sdk.socketAddress(new sdk.GatewayClient(address, { accessKey: "k" }));
    assert.equal(keyed, `${plain}?ticket=atollt_1`);
  });
});
