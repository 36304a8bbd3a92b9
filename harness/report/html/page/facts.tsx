import { useState } from "preact/hooks";
import type { Fact } from "../data.ts";

/** What the run was made of, and how to repeat it. */
export function Facts({
  facts,
  title = "Settings and versions",
}: {
  facts: readonly Fact[];
  title?: string;
}) {
  if (facts.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <dl class="facts">
        {facts.map((fact, index) => (
          <div key={index}>
            <dt>
              <bdi>{fact.label}</bdi>
            </dt>
            <dd>{fact.command ? <Command text={fact.value} /> : <bdi>{fact.value}</bdi>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {}, // A page from the disk may not be allowed to. The text can be selected.
    );
  };
  return (
    <span class="command">
      <code>{text}</code>
      <button type="button" onClick={copy}>
        {copied ? "copied" : "copy"}
      </button>
    </span>
  );
}
