// SPDX-License-Identifier: Apache-2.0
// Amounts have 18 decimal places; the chain and the gateway count base units.

/** Base units of one whole unit. */
export const unitsPerWhole = 10n ** 18n;

/**
 * Base units of a decimal text such as `1.5`.
 *
 * @throws RangeError when it is no amount, has more than 18 places or exceeds 128 bits.
 */
export function parseAmount(text: string): bigint {
  const match = /^(\d{1,39})(?:\.(\d{1,18}))?$/.exec(text.trim());
  if (match === null) throw new RangeError(`${text} is no amount`);
  const units = BigInt(match[1]!) * unitsPerWhole + BigInt((match[2] ?? "").padEnd(18, "0"));
  if (units >> 128n !== 0n) throw new RangeError(`${text} exceeds 128 bits`);
  return units;
}

/** Base units as a decimal without trailing zeros: `1.5`. */
export function formatAmount(units: bigint): string {
  const fraction = (units % unitsPerWhole).toString().padStart(18, "0").replace(/0+$/, "");
  return `${units / unitsPerWhole}${fraction === "" ? "" : `.${fraction}`}`;
}
