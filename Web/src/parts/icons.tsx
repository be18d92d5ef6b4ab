// SPDX-License-Identifier: Apache-2.0
import React from "react";

/** Lines of the icons, on a field of 24. */
const paths = {
  home: "M3 11 12 4l9 7M6 9v11h12V9M10 20v-6h4v6",
  play: "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Zm5 4.5v7l6-3.5Z",
  server: "M4 4h16v7H4zM4 13h16v7H4zM8 7.5h.01M8 16.5h.01M12 7.5h4M12 16.5h4",
  wallet: "M4 7h15a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h12v3M16 13.5h.01",
  vote: "M5 12v8h14v-8M3 20h18M9 4h9v10H9zM6 9h3M11.5 9l1.5 1.5L16 7.5",
  coins: "M9 10a6 3 0 1 0 0-6 6 3 0 0 0 0 6ZM3 7v5c0 1.7 2.7 3 6 3M15 20a6 3 0 1 0 0-6 6 3 0 0 0 0 6ZM9 17v-.5M21 17v2c0 1-1 2-2.5 2.5",
  shield: "M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6ZM9 12l2 2 4-4",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20c0-4 3.5-6 8-6s8 2 8 6",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  blocks: "M12 3l8 4.500v9L12 21l-8-4.500v-9ZM4 7.500l8 4.5 8-4.500M12 12v9",
  box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  alert: "M12 4 2.5 20h19ZM12 10v4M12 17h.01",
  check: "M5 12.5 10 17.5 19 7",
  cross: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  menu: "M4 7h16M4 12h16M4 17h16",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.500M17.5 17.5 19 19M19 5l-1.5 1.500M6.5 17.5 5 19",
  moon: "M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10Z",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  drop: "M12 3s6.5 7 6.5 11.500a6.5 6.5 0 0 1-13 0C5.5 10 12 3 12 3Z",
  send: "M21 3 3 10.500l7 3 3 7ZM10 13.5 21 3",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3.5 2",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
  right: "M9 5l7 7-7 7",
};
export type IconName = keyof typeof paths;

/** A drawn sign; it says nothing that words beside it do not. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true"
      strokeWidth={1.7} strokeLinecap="round" strokeLinejoin="round" className="icon"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** The sign of Atoll: a ring of land around a lagoon. */
export function Mark({ size = 26 }: { size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="mark">
      <circle cx="16" cy="16" r="8" className="lagoon" />
      <path d="M16 4a12 12 0 0 1 11.300 8" />
      <path d="M28 16.500A12 12 0 0 1 18 27.800" />
      <path d="M13.5 27.700A12 12 0 0 1 4.300 13.5" />
      <path d="M6 9.500A12 12 0 0 1 11 5.100" />
    </svg>
  );
}
