/** What a worker, a message or a log may hold to do harm to whoever looks at it. */

export const SECRET = "s3cr3t-pw";

/** Ids that would run, or change how the page reads, where they were taken for more than text. */
export const IDS = [
  "<script>window.harmed=1</script>",
  "</script><script>window.harmed=1</script>",
  '"><img src=x onerror="window.harmed=1">',
  "<!--<script>",
  "javascript:window.harmed=1",
  "&lt;b&gt;",
  "__proto__",
  "constructor",
  "\u001b[2J\u0000\u0007\r\n",
  "\u202Egpj.exe",
  "שלום-עולם",
  "مرحبا",
  "\ud800",
  "{{7*7}}",
];

/** A megabyte. */
export const LONG = `long-${"x".repeat(1024 * 1024)}`;

export const LOG = [
  ...IDS.map((id) => `2026-11-22 10:00:00.005000+00:00 [error] ${id}`),
  `connecting to amqp://guest:${SECRET}@127.0.0.1:5672/%2f`,
  `{"password": "${SECRET}", "user": "guest"}`,
  `Authorization: Bearer ${SECRET}`,
  `started with --password ${SECRET}`,
  LONG,
  "",
].join("\n");
