// SPDX-License-Identifier: Apache-2.0
// Believes nothing but a genesis: every answer is checked against signatures of the validators.
import { concat, fromHex } from "../bytes/hex";
import { decode, encode } from "../codec/codec";
import { u64, u128 } from "../codec/scalars";
import { modules } from "../messages/message";
import { nextSet } from "./chain";
import type { Handover } from "./chain";
import { VerificationFailure, demand } from "./failure";
import type { ProofFile, ReceiptFile } from "./files";
import { verifyFinality } from "./finality";
import type { Genesis, Validator } from "./genesis";
import { flawsOf, receipt as receiptCodec } from "./receipt";
import { verifyState } from "./stateProof";

/** One check of a list, in the order in which they are made. */
export interface Check {
  name: "chain" | "quorum" | "state" | "time" | "receipt" | "output";
  /** `notReached`: a check before it failed. */
  finding: "holds" | "fails" | "notReached";
  words: string;
}

/** Follows the validators from epoch to epoch and checks what it is shown. */
export class LightClient {
  private readonly epochs: Validator[][];

  constructor(readonly genesis: Genesis) {
    this.epochs = [genesis.validators];
  }

  /** The first epoch whose validators are not known yet. */
  get nextEpoch(): bigint {
    return BigInt(this.epochs.length);
  }

  /** Who votes in an epoch. */
  validators(epoch: bigint): Validator[] {
    const known = epoch < this.nextEpoch ? this.epochs[Number(epoch)] : undefined;
    if (known === undefined) {
      throw new VerificationFailure(`who votes in epoch ${epoch} is not known here`);
    }
    return known;
  }

  /**
   * Learns who votes in the next epochs; nothing of a list is learnt when one of them is wrong.
   *
   * @throws VerificationFailure with what is wrong.
   */
  extend(handovers: Handover[]): void {
    const before = this.epochs.length;
    try {
      for (const one of handovers) this.take(one);
    } catch (failure) {
      this.epochs.length = before;
      throw failure;
    }
  }

  private take(one: Handover): void {
    const { header } = one;
    const validators = this.validators(header.epoch);
    const cut = (header.epoch + 1n) * this.genesis.checkpointBlocks * this.genesis.epochCheckpoints;
    demand(header.stateHeight === cut, "the header does not stand at the end of its epoch");
    demand(one.next.epoch === header.epoch + 1n, "another epoch than the next is named");
    verifyFinality(header, one.finality, validators, this.genesis.chain);
    const key = Uint8Array.of(modules.validators, 1);
    verifyState(one.proof, header.stateRoot, key, encode(nextSet, one.next));
    if (one.next.epoch === this.nextEpoch) this.epochs.push(one.next.validators);
  }

  /** Checks a receipt, step by step (RECEIPT-3). */
  checkReceipt(file: ReceiptFile, output?: string): Check[] {
    const { receipt, header } = file;
    const { genesis } = this;
    const steps: [Check["name"], () => string][] = [
      ["chain", () => {
        demand(receipt.chain === genesis.chain, `the receipt is of chain ${receipt.chain}`);
        demand(header.chain === genesis.chain, `the header is of chain ${header.chain}`);
        return `${genesis.name} ${genesis.chain}`;
      }],
      ["quorum", () => {
        const validators = this.validators(header.epoch);
        const count = verifyFinality(header, file.finality, validators, genesis.chain);
        return `block ${header.height} signed by ${count} of ${validators.length} validators`;
      }],
      ["state", () => {
        const key = concat(Uint8Array.of(modules.market, 2), fromHex(receipt.job));
        verifyState(file.proof, header.stateRoot, key, encode(receiptCodec, receipt));
        return `in the state of block ${header.stateHeight}, root ${header.stateRoot}`;
      }],
      ["time", () => {
        const { opened, ended } = receipt;
        demand(ended.height <= header.stateHeight, "it ended after the state it is proven in");
        demand(
          opened.height <= ended.height && opened.time <= ended.time,
          "it ended before it was opened");
        return `opened at block ${opened.height}, ended at block ${ended.height}`;
      }],
      ["receipt", () => {
        const flaws = flawsOf(receipt);
        demand(flaws.length === 0, flaws.join("; "));
        const agreed = receipt.executions.filter((one) => one.finding === "agreed").length;
        return `${agreed} of ${receipt.executions.length} providers signed the accepted result`;
      }],
    ];
    if (output !== undefined) {
      steps.push(["output", () => {
        demand(receipt.result !== null, "the job has no accepted result");
        demand(receipt.result!.outputDigest === output, "the output has another digest");
        return `output digest ${output}`;
      }]);
    }
    return run(steps);
  }

  /**
   * The proven value under a module's key, or nothing where the state holds nothing.
   *
   * @throws VerificationFailure when the file does not prove it.
   */
  prove(file: ProofFile, module: number, key: Uint8Array): { value: Uint8Array | null; height: bigint } {
    for (const section of file) {
      const validators = this.validators(section.header.epoch);
      verifyFinality(section.header, section.finality, validators, this.genesis.chain);
      for (const entry of section.entries) {
        const whole = concat(Uint8Array.of(entry.module), entry.key);
        verifyState(entry.proof, section.header.stateRoot, whole, entry.value);
        if (entry.module === module && equal(entry.key, key)) {
          return { value: entry.value, height: section.header.stateHeight };
        }
      }
    }
    throw new VerificationFailure("the file says nothing of this key");
  }

  /** The proven balance of an account. */
  balance(file: ProofFile, account: string, asset = 0n): { amount: bigint; height: bigint } {
    const { value, height } = this.prove(file, modules.accounts, balanceKey(account, asset));
    return { amount: value === null ? 0n : decode(u128, value), height };
  }
}

/** The key of an account's balance within the accounts' part of the state. */
export function balanceKey(account: string, asset = 0n): Uint8Array {
  return concat(Uint8Array.of(2), fromHex(account), encode(u64, asset).reverse());
}

const equal = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, place) => byte === right[place]);

function run(steps: [Check["name"], () => string][]): Check[] {
  let goesOn = true;
  return steps.map(([name, step]) => {
    if (!goesOn) return { name, finding: "notReached", words: "a check before it failed" };
    try {
      return { name, finding: "holds", words: step() };
    } catch (failure) {
      goesOn = false;
      const words = failure instanceof Error ? failure.message : String(failure);
      return { name, finding: "fails", words };
    }
  });
}
