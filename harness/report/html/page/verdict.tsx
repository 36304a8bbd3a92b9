import type { PageData } from "../data.ts";
import { MARKS } from "./words.ts";

/** The verdict in one sentence, before everything else. */
export function Verdict({ data }: { data: PageData }) {
  const { outcome, badge = outcome, sentence, reasons, missing, title, run } = data;
  return (
    <header class={`verdict ${outcome}`}>
      <p class="kicker">
        ackproof · <bdi>{title}</bdi>
      </p>
      <h1>
        <span class={`badge ${outcome}`}>
          <span aria-hidden="true">{MARKS[outcome]}</span> {badge}
        </span>{" "}
        <bdi>
          <Sentence text={sentence} />
        </bdi>
      </h1>
      {reasons.length > 0 && <List items={reasons} />}
      {missing.length > 0 && (
        <section class="missing" aria-labelledby="missing">
          <h2 id="missing">This run is not whole. All that is there is shown.</h2>
          <List items={missing} />
        </section>
      )}
      <p class="kicker">
        run <bdi>{run}</bdi>
      </p>
    </header>
  );
}

/** A sentence that quotes a command as Markdown does: on a page it looks like code instead. */
function Sentence({ text }: { text: string }) {
  const parts = text.split(/`([^`]+)`/);
  return <>{parts.map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>))}</>;
}

export function List({ items }: { items: readonly string[] }) {
  return (
    <ul class="sentences">
      {items.map((item, index) => (
        <li key={index}>
          <bdi>{item}</bdi>
        </li>
      ))}
    </ul>
  );
}
