import { createHash } from "node:crypto";
import { shownJson } from "../audit-shown.ts";
import { pageBundle } from "./bundle.ts";
import type { PageData } from "./data.ts";

/**
 * One file that holds everything, and asks nobody for more: the browser is told to run no script
 * but this one, and to connect to nothing. The same data gives the same bytes.
 */
export function htmlDocument(data: PageData): string {
  const { script, style } = pageBundle();
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="ackproof">
<title>${escaped(`${data.badge ?? data.outcome}: ${data.title}`)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This report draws itself by its own script, which this browser does not run. <strong>${escaped(data.sentence)}</strong></noscript></div>
<script type="application/json" id="data">${embedded(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that no parser of HTML takes for an end of the script, or for anything else. */
function embedded(data: PageData): string {
  return shownJson(JSON.stringify(data)).replace(/[<>&]/g, (found) => {
    return `\\u00${found.charCodeAt(0).toString(16)}`;
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (found) => `&#${found.charCodeAt(0)};`);
}
