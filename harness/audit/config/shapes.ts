/** What several settings have in common: how they are written, checked and shown. */
import * as v from "valibot";
import * as schemas from "./schemas.ts";
import * as texts from "./texts.ts";

/** How a text is shown that may be left out. */
export const orElse = (words: string) => (value: string | undefined) =>
  value === undefined ? words : texts.textShown(value);
export const NOTHING = orElse("none");

/** A choice of words. */
export function choice<const Word extends string>(words: readonly Word[]) {
  return {
    argument: `<${words.join("|")}>`,
    allowed: words.join(" or "),
    choices: words,
    schema: v.picklist(words),
    show: (value: Word) => value,
  };
}

/** A count. */
export function count(least: number, most: number) {
  return {
    argument: "<n>",
    allowed: `a whole number from ${least} to ${most}`,
    schema: schemas.whole(least, most),
    fromText: texts.numberFrom,
    show: String,
  };
}

export const TIME = {
  argument: "<time>",
  allowed: "a time such as 500ms, 10s or 2m, from 1 ms to 10 minutes",
  schema: schemas.duration,
  fromText: texts.numberFrom,
  show: texts.timeShown,
};

export const OUTPUT_FILE = {
  group: "The report",
  argument: "<file>",
  allowed: "the path of a file",
  fallback: undefined,
  schema: schemas.text,
  show: NOTHING,
  path: "whole",
} as const;
