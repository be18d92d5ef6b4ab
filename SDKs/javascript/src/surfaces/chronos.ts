// SPDX-License-Identifier: Apache-2.0
import { createEscrowContract } from "../actions/createEscrowContract";
import { delegate } from "../actions/delegate";
import { processPayment } from "../actions/processPayment";
import { cancelEscrow, releaseEscrow } from "../actions/releaseEscrow";

/** Chronos: what machines pay, hold in escrow, and stake. */
export const chronos = {
  processPayment, createEscrowContract, releaseEscrow, cancelEscrow, delegateStake: delegate,
} as const;
