// SPDX-License-Identifier: Apache-2.0
// From a module's message value to what a transaction carries.
import { encode } from "../codec/codec";
import type { Codec, Json } from "../codec/codec";
import { accountsMessage } from "./accounts";
import { exchangeMessage } from "./exchange";
import { governanceMessage } from "./governance";
import { identitiesMessage } from "./identities";
import { mandatesMessage } from "./mandates";
import { marketMessage } from "./market";
import { modules } from "./message";
import type { Message } from "./message";
import { namesMessage } from "./names";
import { registryMessage } from "./registry";
import { stakingMessage } from "./staking";
import { treasuryMessage } from "./treasury";
import { validatorsMessage } from "./validators";
import type { ValueOf } from "../codec/codec";

/** How the messages of each module are written. */
export const messageCodecs = {
  accounts: accountsMessage, registry: registryMessage, market: marketMessage,
  validators: validatorsMessage, staking: stakingMessage, treasury: treasuryMessage,
  governance: governanceMessage, identities: identitiesMessage, names: namesMessage,
  mandates: mandatesMessage, exchange: exchangeMessage,
};
export type ModuleWithMessages = keyof typeof messageCodecs;
/** The messages of one module. */
export type MessageOf<Module extends ModuleWithMessages> = ValueOf<(typeof messageCodecs)[Module]>;

/** A module's message as a transaction carries it. */
export function compose<Module extends ModuleWithMessages>(
  module: Module, value: MessageOf<Module>,
): Message {
  const codec = messageCodecs[module] as unknown as Codec<MessageOf<Module>>;
  return { module: modules[module], payload: encode(codec, value) };
}

/** The same from JSON, in which large numbers are decimal and bytes hexadecimal texts. */
export function composeJSON(module: ModuleWithMessages, json: Json): Message {
  const codec = messageCodecs[module] as Codec<any>;
  return { module: modules[module], payload: encode(codec, codec.fromJSON(json)) };
}
