// SPDX-License-Identifier: Apache-2.0
import { coordinateExecution } from "../actions/coordinateExecution";
import { discoverServices } from "../actions/discoverServices";
import { negotiateTask } from "../actions/negotiateTask";

/** Synapse: how machines find one another, agree, and work. */
export const synapse = { discoverServices, negotiateTask, coordinateExecution } as const;
