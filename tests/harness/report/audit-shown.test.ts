import { expect, test } from "vitest";
import { shown, shownJson } from "../../../harness/report/audit-shown.ts";

test.each([
  ["an escape sequence", "a\x1b[2Jb", "a\\x1b[2Jb"],
  ["a C1 control character", "\u009b31m", "\\x9b31m"],
  ["a bell, a backspace, a nul and a delete", "\x07\b\0\x7f", "\\x07\\x08\\x00\\x7f"],
  ["line breaks and tabs", "a\r\n\tb\u2028c\u2029d", "a\\r\\n\\tb\\u2028c\\u2029d"],
  [
    "marks that turn the direction",
    "a\u202eb\u2066c\u200fd\u061c",
    "a\\u202eb\\u2066c\\u200fd\\u061c",
  ],
  ["characters of no width", "a\u200bb\u00adc\ufeff", "a\\u200bb\\xadc\\ufeff"],
  ["half a surrogate pair", "a\ud800b", "a\\ud800b"],
  ["what is no character in XML", "\ufffe\uffff", "\\ufffe\\uffff"],
  ["tags that nobody sees", "\u{e0041}", "\\udb40\\udc41"],
])("%s is seen", (_name, text, seen) => {
  expect(shown(text)).toBe(seen);
});

test("words of any language, signs and a backslash are as they are", () => {
  const text = "Größe 任务 مهمة 🐇 – ✓ … `x` <b> C:\\new";
  expect(shown(text)).toBe(text);
});

test("JSON stays what it means", () => {
  const value = { "a\u202e": ["\x1b\x9b\n\u{e0041}\ufffe", "任务"] };
  const json = shownJson(JSON.stringify(value, null, 2));
  expect(JSON.parse(json)).toEqual(value);
  expect(shown(json.replaceAll("\n", ""))).toBe(json.replaceAll("\n", ""));
});
