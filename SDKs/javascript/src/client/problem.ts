// SPDX-License-Identifier: Apache-2.0

/** What a gateway answered instead of what was asked for (RFC 9457). */
export class GatewayProblem extends Error {
  /** The problem's own name, such as `unknownJob`; empty when the answer is no problem document. */
  readonly code: string;

  constructor(readonly status: number, readonly members: { [name: string]: unknown }) {
    super(String(members["detail"] ?? members["title"] ?? `the gateway answered ${status}`));
    this.name = "GatewayProblem";
    this.code = String(members["type"] ?? "").split(/[/:#]/).pop() ?? "";
  }
}

/** A transaction that is in a block and had no effect but its fee. */
export class TransactionRefused extends Error {
  constructor(readonly hash: string, readonly refusal: { module: string; name: string; detail: string }) {
    super(`${refusal.module} refused it (${refusal.name}): ${refusal.detail}`);
    this.name = "TransactionRefused";
  }
}
