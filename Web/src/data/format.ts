// SPDX-License-Identifier: Apache-2.0
// How figures are written for people.
import { formatAmount, unitsPerWhole } from "../../../SDKs/javascript/src/codec/amount";

/** The unit of the native asset. */
export const unit = "ATL";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A whole number with separators. */
export const count = (value: number | bigint): string => whole.format(value);

/** Base units as an amount of at most `places` decimals, rounded down. */
export function amount(units: string | bigint, places = 4): string {
  const value = BigInt(units);
  const fraction = (value % unitsPerWhole).toString().padStart(18, "0").slice(0, places).replace(/0+$/, "");
  if (value !== 0n && value < 10n ** BigInt(18 - places)) return formatAmount(value);
  return whole.format(value / unitsPerWhole) + (fraction === "" ? "" : `.${fraction}`);
}

/** The amount as a number, for charts alone. */
export const approximate = (units: string | bigint): number => Number(BigInt(units) / 10n ** 12n) / 1e6;

/** The beginning and the end of an identifier. */
export const brief = (id: string, side = 6): string =>
  id.length <= 2 * side + 1 ? id : `${id.slice(0, side)}…${id.slice(-side)}`;

/** A part of a million as a percentage. */
export const percent = (part: number, whole = 1, places = 1): string =>
  whole === 0 ? "0 %" : `${((100 * part) / whole).toFixed(places).replace(/\.0+$/, "")} %`;

/** A span of time in its two largest units. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"], [Math.floor((seconds % 86_400) / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "min"], [seconds % 60, "s"],
  ];
  const shown = parts.filter(([value]) => value > 0).slice(0, 2);
  return shown.length === 0 ? "0 s" : shown.map(([value, name]) => `${value} ${name}`).join(" ");
}

/** How long ago a time was. */
export const ago = (time: number, now = Date.now()): string =>
  now - time < 2_000 ? "now" : `${span(now - time)} ago`;

/** A moment in the reader's own zone. */
export const moment = (time: number): string =>
  new Date(time).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A number of bytes. */
export function bytes(value: number): string {
  if (value < 1_024) return `${value} B`;
  if (value < 1_048_576) return `${(value / 1_024).toFixed(1)} KiB`;
  return `${(value / 1_048_576).toFixed(1)} MiB`;
}

/** The words of a name such as `bondSlashed`. */
export const words = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, (_, left: string, right: string) => `${left} ${right.toLowerCase()}`);

/** With a large first letter. */
export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
