import { useCallback, useMemo, useState } from "preact/hooks";
import type { PageData } from "../data.ts";
import { AccountSums } from "./account.tsx";
import { Charges } from "./charges.tsx";
import { Experiment } from "./experiment.tsx";
import { Facts } from "./facts.tsx";
import { Figures } from "./figures.tsx";
import { firstPlace, type Place, placeIn } from "./place.ts";
import { Search } from "./search.tsx";
import { GuaranteeTable } from "./table.tsx";
import { Verdict } from "./verdict.tsx";

/** The whole report. What is looked at is its only state. */
export function Page({ data }: { data: PageData }) {
  const [place, setPlace] = useState<Place>(() => firstPlace(data));
  const show = useCallback((next: Place, focus = true) => {
    setPlace(next);
    if (focus) requestAnimationFrame(() => lookAt(next.life === null ? "experiment" : "life"));
  }, []);
  const open = useCallback(
    (experiment: number) => {
      setPlace(placeIn(data.experiments, experiment));
      requestAnimationFrame(() => lookAt("experiment"));
    },
    [data],
  );
  const experiment = data.experiments[place.experiment];
  const several = useMemo(() => data.experiments.map(({ title }) => title), [data]);
  return (
    <>
      {experiment && (
        <a class="skip" href="#experiment">
          Skip to the timeline
        </a>
      )}
      <main>
        <Verdict data={data} />
        <Search data={data} show={show} />
        <AccountSums account={data.account} of={data.experiments.length} kind={data.kind} />
        <Charges charges={data.charges} data={data} show={show} />
        {data.table && <GuaranteeTable table={data.table} kind={data.kind} open={open} />}
        {data.figures && <Figures figures={data.figures} />}
        {experiment && (
          <Experiment
            key={place.experiment}
            view={experiment}
            titles={several}
            place={place}
            show={show}
            open={open}
          />
        )}
        <Facts facts={data.facts} />
      </main>
    </>
  );
}

/** Moves the keyboard to what was asked for. */
function lookAt(id: string): void {
  const there = document.getElementById(id);
  there?.focus({ preventScroll: true });
  there?.scrollIntoView({ block: id === "life" ? "nearest" : "start" });
}
