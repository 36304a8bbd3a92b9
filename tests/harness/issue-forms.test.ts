import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const FOLDER = join(import.meta.dirname, "../../.github/ISSUE_TEMPLATE");
const forms = readdirSync(FOLDER).filter((name) => name !== "config.yml");

interface Field {
  type: string;
  id?: string;
  attributes: { label?: string; value?: string; render?: string };
  validations?: { required?: boolean };
}

interface Form {
  name: string;
  description: string;
  body: Field[];
}

test("there is a form for each kind of report", () => {
  expect(forms).toEqual(["false-alarm.yml", "feature.yml", "finding.yml", "missed-loss.yml"]);
});

/** GitHub shows no form at all that breaks one of these rules, and says so to nobody. */
test.each(forms)("%s is a form that GitHub shows", (file) => {
  const form: Form = parse(readFileSync(join(FOLDER, file), "utf8"));
  const known = ["name", "description", "title", "labels", "body"];
  expect(Object.keys(form).filter((key) => !known.includes(key))).toEqual([]);
  expect([form.name, form.description].every(Boolean)).toBe(true);
  const questions = form.body.filter(({ type }) => type !== "markdown");
  const ids = questions.map(({ id }) => id);
  const labels = questions.map(({ attributes }) => attributes.label);
  expect(new Set(ids).size).toBe(questions.length);
  expect(new Set(labels).size).toBe(questions.length);
  const odd = questions.filter(
    ({ id = "", type }) => !/^[\w-]+$/.test(id) || !/^(input|textarea)$/.test(type),
  );
  expect(odd).toEqual([]);
  expect(questions.some(({ validations }) => validations?.required)).toBe(true);
});
