// SPDX-License-Identifier: Apache-2.0

/** Why something does not hold. */
export class VerificationFailure extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "VerificationFailure";
  }
}

/** Refuses with a reason unless a condition holds. */
export function demand(holds: boolean, reason: string): void {
  if (!holds) throw new VerificationFailure(reason);
}
