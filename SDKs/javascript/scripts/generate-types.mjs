// SPDX-License-Identifier: Apache-2.0
// Turns the schema that a node prints (GET /openapi.json) into TypeScript:
//   node scripts/generate-types.mjs openapi.json > src/generated/api.ts
import { readFileSync } from "node:fs";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const known = document.components.schemas;

const quoted = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function type(schema, indent) {
  if (schema.$ref) return `components["schemas"][${JSON.stringify(schema.$ref.split("/").pop())}]`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = schema.oneOf ?? schema.anyOf;
  if (several) return several.map((one) => type(one, indent)).join(" | ");
  if (schema.allOf) return schema.allOf.map((one) => type(one, indent)).join(" & ");
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return kinds.map((kind) => plain(kind, schema, indent)).join(" | ");
}

function plain(kind, schema, indent) {
  switch (kind) {
    case "string": return "string";
    case "integer": case "number": return "number";
    case "boolean": return "boolean";
    case "null": return "null";
    case "array": {
      const element = type(schema.items ?? {}, indent);
      return /[|&]/.test(element) ? `(${element})[]` : `${element}[]`;
    }
    case "object": return object(schema, indent);
    default: return "unknown";
  }
}

function object(schema, indent) {
  const inner = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties ?? {}).map(([name, value]) => {
    const mark = required.has(name) ? "" : "?";
    return `${inner}${quoted(name)}${mark}: ${type(value, inner)};`;
  });
  const more = schema.additionalProperties;
  if (lines.length === 0) {
    return more ? `{ [name: string]: ${more === true ? "unknown" : type(more, inner)} }`
      : "{ [name: string]: unknown }";
  }
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const lines = Object.keys(known).sort().map((name) =>
  `    ${quoted(name)}: ${type(known[name], "    ")};`);
process.stdout.write(`// SPDX-License-Identifier: Apache-2.0
// Written by scripts/generate-types.mjs from the schema that a node prints; do not edit.

/** The answers of a gateway. */
export interface components {
  schemas: {
${lines.join("\n")}
  };
}
`);
