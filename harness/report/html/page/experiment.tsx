import { useCallback, useState } from "preact/hooks";
import type { ExperimentView } from "../data.ts";
import { Biography } from "./biography.tsx";
import { Controls } from "./controls.tsx";
import { Facts } from "./facts.tsx";
import { Logs } from "./logs.tsx";
import { Messages } from "./messages.tsx";
import type { Place, Show } from "./place.ts";
import { GLYPHS, LEGEND } from "./symbols.ts";
import { Timeline } from "./timeline.tsx";
import { List } from "./verdict.tsx";
import { lifeWindow, trafficWindow, type Window } from "./window.ts";
import { MARKS } from "./words.ts";

interface Props {
  view: ExperimentView;
  titles: readonly string[];
  place: Place;
  show: Show;
  open(experiment: number): void;
}

/** An experiment: its timeline, its messages, and the logs of the same time. */
export function Experiment({ view, titles, place, show, open }: Props) {
  const [window, setWindow] = useState<Window>(() => trafficWindow(view));
  const [cursor, setCursor] = useState<number | null>(null);
  const { experiment, life } = place;
  const choose = useCallback(
    (next: number) => show({ experiment, life: next }, false),
    [experiment, show],
  );
  const own = life === null ? undefined : lifeWindow(view, life);
  return (
    <section id="experiment" class="experiment" tabIndex={-1} aria-labelledby="experiment-title">
      <h2 id="experiment-title">
        <span class={`badge ${view.outcome}`}>
          <span aria-hidden="true">{MARKS[view.outcome]}</span> {view.outcome}
        </span>{" "}
        <bdi>{view.title}</bdi>
      </h2>
      {titles.length > 1 && <Chooser titles={titles} chosen={experiment} open={open} />}
      <List items={view.reasons} />
      <Faults view={view} />
      <Controls view={view} window={window} own={own} setWindow={setWindow} />
      <div class="beside">
        <div>
          <Timeline {...{ view, life, cursor, window, setWindow, choose }} />
          <p class="legend">
            {LEGEND.map(({ word, symbol }) => `${GLYPHS[symbol]} ${word}`).join("   ")}
          </p>
        </div>
        <Logs view={view} window={window} cursor={cursor} />
      </div>
      <div class="lives">
        <Messages view={view} life={life} choose={choose} />
        <Biography {...{ view, life, cursor, setCursor }} />
      </div>
      {titles.length > 1 && <Facts facts={view.facts} title="This experiment" />}
    </section>
  );
}

function Chooser({
  titles,
  chosen,
  open,
}: {
  titles: readonly string[];
  chosen: number;
  open: Props["open"];
}) {
  return (
    <label class="chooser">
      experiment
      <select value={String(chosen)} onChange={(event) => open(Number(event.currentTarget.value))}>
        {titles.map((title, index) => (
          <option key={index} value={String(index)}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Faults({ view: { faults, adversities } }: { view: ExperimentView }) {
  if (faults.length + adversities.length === 0) {
    return <p class="note">No fault was injected.</p>;
  }
  return (
    <ul class="faults">
      {faults.map(({ injection, fault, target, moment, task, evidence }) => (
        <li key={injection}>
          ⚡ {injection} <strong>{fault}</strong> of <bdi>{target}</bdi>
          {moment !== "now" && ` at ${moment}`}
          {task && (
            <>
              {" "}
              of <bdi class="id">{task}</bdi>
            </>
          )}
          : {evidence === null ? <em>not witnessed</em> : <bdi>{evidence}</bdi>}
        </li>
      ))}
      {adversities.map((sentence) => (
        <li key={sentence}>
          ⚡ <bdi>{sentence}</bdi>
        </li>
      ))}
    </ul>
  );
}
