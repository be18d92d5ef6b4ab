// SPDX-License-Identifier: Apache-2.0
import { createMachineIdentity } from "../actions/createMachineIdentity";
import { issueCredential } from "../actions/issueCredential";
import { verifyCredentials } from "../actions/verifyCredentials";

/** Helios: who machines are, and what is attested of them. */
export const helios = { createMachineIdentity, issueCredential, verifyCredentials } as const;
