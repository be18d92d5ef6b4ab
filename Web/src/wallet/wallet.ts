// SPDX-License-Identifier: Apache-2.0
// The wallet of this browser: sealed in its storage, open in memory alone.
import { useSyncExternalStore } from "react";
import type { Session } from "../../../SDKs/javascript/src/client/session";
import { newSeed, signerOf } from "../../../SDKs/javascript/src/crypto/signer";
import type { Signer } from "../../../SDKs/javascript/src/crypto/signer";
import { gateway, genesis } from "../data/gateway";
import { open, readSealed, seal } from "./vault";
import type { SealedKey } from "./vault";

const storageKey = "atoll.wallet";
/** How long an open wallet stays open while nobody does anything: fifteen minutes. */
const idleMax = 15 * 60_000;
/** The least characters of a passphrase. */
export const passphraseMin = 8;

/** What is known of the wallet. */
export interface WalletState { sealed: SealedKey | null; signer: Signer | null }

function stored(): SealedKey | null {
  const text = localStorage.getItem(storageKey);
  if (text === null) return null;
  try {
    return readSealed(text);
  } catch {
    return null;
  }
}

let state: WalletState = { sealed: stored(), signer: null };
let timer = 0;
const listeners = new Set<() => void>();

function change(next: WalletState): void {
  state = next;
  listeners.forEach((listener) => listener());
}

function watchIdle(): void {
  window.clearTimeout(timer);
  if (state.signer !== null) timer = window.setTimeout(lock, idleMax);
}
for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, watchIdle);

/** The wallet now. */
export const useWallet = (): WalletState =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => state);

/** Whether this page can keep keys: browsers give cryptography to secure origins alone. */
export const canKeepKeys = (): boolean => window.isSecureContext && crypto.subtle !== undefined;

async function keep(seed: Uint8Array, passphrase: string): Promise<void> {
  if (passphrase.length < passphraseMin) {
    throw new Error(`A passphrase has at least ${passphraseMin} characters.`);
  }
  const signer = await signerOf(seed);
  const sealed = await seal(seed, signer.publicKey, signer.account, passphrase);
  seed.fill(0);
  localStorage.setItem(storageKey, JSON.stringify(sealed));
  change({ sealed, signer });
  watchIdle();
}

/** Makes a new key and keeps it sealed. */
export const create = async (passphrase: string): Promise<void> => keep(await newSeed(), passphrase);

/** Takes a wallet file that was backed up. */
export async function restore(text: string, passphrase: string): Promise<void> {
  await keep(await open(readSealed(text), passphrase), passphrase);
}

/** Opens the wallet for this page. */
export async function unlock(passphrase: string): Promise<void> {
  if (state.sealed === null) throw new Error("There is no wallet in this browser.");
  const seed = await open(state.sealed, passphrase);
  const signer = await signerOf(seed);
  seed.fill(0);
  change({ ...state, signer });
  watchIdle();
}

/** Forgets the open key; the sealed one stays. */
export function lock(): void {
  change({ ...state, signer: null });
}

/** Removes the wallet from this browser. */
export function remove(): void {
  localStorage.removeItem(storageKey);
  change({ sealed: null, signer: null });
}

/** The open key. */
export function openSigner(): Signer {
  if (state.signer === null) throw new Error("Unlock your wallet first.");
  return state.signer;
}

/** What actions of the SDK need. */
export async function session(): Promise<Session> {
  const signer = openSigner();
  return { client: gateway, genesis: await genesis(), signer };
}
