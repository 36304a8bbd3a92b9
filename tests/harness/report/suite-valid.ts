import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const file = new URL("../../../harness/report/suite-schema.json", import.meta.url);
export const schema = JSON.parse(readFileSync(file, "utf8"));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

/** What the schema has against the JSON of a suite; empty where it is valid. */
export function complaints(json: string): string[] {
  validate(JSON.parse(json));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
