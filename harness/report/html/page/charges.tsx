import type { Charge, PageData } from "../data.ts";
import { placeOf, type Show } from "./place.ts";

interface Props {
  charges: readonly Charge[];
  data: PageData;
  show: Show;
}

/** What went wrong, the gravest first, each with the messages that show it. */
export function Charges({ charges, data, show }: Props) {
  if (charges.length === 0) return null;
  return (
    <section aria-labelledby="charges">
      <h2 id="charges">What went wrong</h2>
      <ol class="charges">
        {charges.map((charge, index) => (
          <li key={index} class={charge.allowed ? "charge allowed" : "charge"}>
            <h3>
              {charge.kind}
              {charge.allowed && " (allowed by the settings)"}
              {charge.where && <small> {charge.where}</small>}
            </h3>
            <p>
              <bdi>{charge.sentence}</bdi>
            </p>
            <p class="links">
              {charge.tasks.map((named, at) => {
                const place = placeOf(data.experiments, named);
                return (
                  <button
                    type="button"
                    key={at}
                    disabled={place.life === null}
                    onClick={() => show(place)}
                  >
                    <bdi>{named.task}</bdi>
                  </button>
                );
              })}
              {(charge.more ?? 0) > 0 && <small> and {charge.more} more</small>}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
