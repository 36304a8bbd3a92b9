import { useEffect, useRef } from "preact/hooks";
import type { ExperimentView } from "../data.ts";
import { BAD, number } from "./words.ts";

interface Props {
  view: ExperimentView;
  life: number | null;
  choose(life: number): void;
}

/** The messages that are told, those that went wrong first. Arrow keys go through them. */
export function Messages({ view, life, choose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const order = view.lives
    .map((_, index) => index)
    .sort((a, b) => Number(isBad(view, b)) - Number(isBad(view, a)) || a - b);
  const isShown = useRef(false);
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>("[aria-selected=true]");
    // Whoever opens the page reads from its top: what nobody asked for moves within the list alone.
    if (isShown.current) chosen?.scrollIntoView({ block: "nearest" });
    else if (list.current && chosen) list.current.scrollTop = topWithin(list.current, chosen);
    isShown.current = true;
  }, [life]);
  const onKey = (event: KeyboardEvent) => {
    const at = life === null ? -1 : order.indexOf(life);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: order.length - 1 };
    const to = steps[event.key as keyof typeof steps];
    const next = to === undefined ? undefined : order[Math.min(Math.max(to, 0), order.length - 1)];
    if (next === undefined) return;
    choose(next);
    event.preventDefault();
  };
  return (
    <section class="messages" aria-labelledby="messages">
      <h3 id="messages">Messages</h3>
      <p class="note">{restInWords(view)}</p>
      {view.outcome === "inconclusive" && (
        <p class="note">This run proves nothing: what became of them is how it looks.</p>
      )}
      <div
        ref={list}
        role="listbox"
        aria-labelledby="messages"
        aria-activedescendant={life === null ? undefined : `message-${life}`}
        tabIndex={0}
        onKeyDown={onKey}
      >
        {order.map((index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list.
          <div
            key={index}
            id={`message-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === life}
            class={isBad(view, index) ? "bad" : ""}
            onClick={() => choose(index)}
          >
            <bdi class="id">{view.lives[index]?.task}</bdi>{" "}
            <span class="fate">{view.lives[index]?.fate ?? "no fate"}</span>
          </div>
        ))}
      </div>
    </section>
  );
}

/** How far a list is to be scrolled for one of its options to be at its top. */
function topWithin(list: HTMLElement, option: HTMLElement): number {
  const distance = option.getBoundingClientRect().top - list.getBoundingClientRect().top;
  return list.scrollTop + distance - list.clientTop;
}

function isBad({ lives }: ExperimentView, life: number): boolean {
  return BAD.has(lives[life]?.fate ?? "");
}

function restInWords({ rest, lives }: ExperimentView): string {
  if (rest.tasks === 0) return `All ${number(lives.length)} are told one by one.`;
  const untoward =
    rest.untoward > 0 ? ` ${number(rest.untoward)} of them did not go straight.` : "";
  return `${number(lives.length)} are told one by one; ${number(rest.tasks)} others are counted, and drawn as heights.${untoward}`;
}
