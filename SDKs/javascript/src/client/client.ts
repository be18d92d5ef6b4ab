// SPDX-License-Identifier: Apache-2.0
import type { components } from "../generated/api";
import { GatewayProblem } from "./problem";

type Schemas = components["schemas"];

/** How a client reaches its gateway. */
export interface ClientOptions {
  /** Takes the place of the runtime's `fetch`. */
  fetch?: typeof fetch;
  /** The longest a request may take; 30 seconds when missing. */
  timeoutMilliseconds?: number;
  /** A key or a session, sent as `Authorization: Bearer`; a function is asked each time. */
  accessKey?: string | (() => string | undefined);
}

/** Asks one gateway; every answer's type comes from the schema the node prints. */
export class GatewayClient {
  private readonly options: ClientOptions;

  /** @param address Such as `http://127.0.0.1:8080`; the page's own origin when empty. */
  constructor(readonly address: string, options: ClientOptions = {}) {
    this.options = options;
  }

  /** A JSON answer. */
  async get<Answer>(path: string): Promise<Answer> {
    return (await (await this.request("GET", path)).json()) as Answer;
  }

  /** A JSON answer to a JSON body. */
  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    const response = await this.request("POST", path, JSON.stringify(body), "application/json");
    return (await response.json()) as Answer;
  }

  /** An answer as bytes. */
  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.request("GET", path)).arrayBuffer());
  }

  status(): Promise<Schemas["Status"]> { return this.get("/v1/status"); }
  account(account: string): Promise<Schemas["Account"]> { return this.get(`/v1/accounts/${account}`); }
  job(job: string): Promise<Schemas["Job"]> { return this.get(`/v1/jobs/${job}`); }

  /** The genesis file as it is, since the chain's name is a hash of it. */
  async genesisText(): Promise<string> {
    return await (await this.request("GET", "/v1/genesis")).text();
  }

  /** Keeps bytes at the gateway under their SHA-256. */
  async upload(bytes: Uint8Array): Promise<{ digest: string; size: number }> {
    const response = await this.request("POST", "/v1/blobs", bytes, "application/octet-stream");
    return (await response.json()) as { digest: string; size: number };
  }

  /**
   * One request.
   *
   * @throws GatewayProblem for an answer from 400 on, TypeError when nobody answers.
   */
  async request(
    method: string, path: string, body?: string | Uint8Array, type?: string,
    timeoutMilliseconds = this.options.timeoutMilliseconds ?? 30_000,
  ): Promise<Response> {
    const headers: { [name: string]: string } = {};
    if (type !== undefined) headers["Content-Type"] = type;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMilliseconds);
    try {
      return await this.call(path, { method, headers, body, signal: abort.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * An answer that lasts, such as a stream of events, until the signal ends it.
   *
   * @throws GatewayProblem for an answer from 400 on, TypeError when nobody answers.
   */
  open(path: string, signal?: AbortSignal): Promise<Response> {
    return this.call(path, { method: "GET", headers: {}, signal });
  }

  /** Whether it shows a key or a session now. */
  get hasKey(): boolean { return this.key !== undefined; }

  private get key(): string | undefined {
    const { accessKey } = this.options;
    return typeof accessKey === "function" ? accessKey() : accessKey;
  }

  private async call(
    path: string, init: RequestInit & { headers: { [name: string]: string } },
  ): Promise<Response> {
    if (this.key !== undefined) init.headers["Authorization"] = `Bearer ${this.key}`;
    const call = this.options.fetch ?? fetch;
    const response = await call(this.address + path, init);
    if (response.status < 400) return response;
    const members = await response.json().catch(() => ({}));
    throw new GatewayProblem(response.status, members as { [name: string]: unknown });
  }
}
