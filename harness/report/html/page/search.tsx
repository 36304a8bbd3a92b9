import { useId, useState } from "preact/hooks";
import type { PageData } from "../data.ts";
import { finds, type Hit } from "./find.ts";
import type { Show } from "./place.ts";
import { endOf } from "./words.ts";

/** Finds a message by a part of its id, wherever it is; by keyboard alone. */
export function Search({ data, show }: { data: PageData; show: Show }) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const id = useId();
  if (data.experiments.length === 0) return null;
  const { hits, more } = text.trim() === "" ? { hits: [], more: 0 } : finds(data, text.trim());
  const open = (hit: Hit | undefined) => {
    if (hit?.place) show(hit.place);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setChosen((chosen + step + hits.length) % Math.max(1, hits.length));
    else if (event.key === "Enter") open(hits[chosen]);
    else if (event.key === "Escape") setText("");
    else return;
    event.preventDefault();
  };
  return (
    <search class="search">
      <label for={`${id}-input`}>Find a message by its id</label>
      <input
        id={`${id}-input`}
        type="text"
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={`${id}-hits`}
        aria-activedescendant={hits.length > 0 ? `${id}-${chosen}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      {text.trim() !== "" && (
        <div class="hits">
          <p role="status">{statusOf(hits.length, more)}</p>
          <div id={`${id}-hits`} role="listbox" aria-label="Messages found">
            {hits.map((hit, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the input.
              <div
                key={index}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === chosen}
                aria-disabled={hit.place === null}
                onClick={() => open(hit)}
              >
                <bdi class="id">{hit.task}</bdi>{" "}
                <span>{hit.place ? endOf(hit.fate) : hit.note}</span>
                {hit.where && <small> {hit.where}</small>}
              </div>
            ))}
          </div>
        </div>
      )}
    </search>
  );
}

function statusOf(found: number, more: number): string {
  if (found === 0) return "No message has such an id.";
  const rest = more > 0 ? `, and ${more} more` : "";
  return `${found} found${rest}. Arrow keys choose, Enter opens.`;
}
