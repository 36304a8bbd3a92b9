import { answerInWords, boundInWords, spreadInWords, valueInWords } from "../../benchmark-words.ts";
import type { Figure } from "../../benchmarks.ts";
import { FigurePlot } from "./figure-plot.tsx";
import { MARKS } from "./words.ts";

/** What was measured: a table of all figures, and every round of each as a plot. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  if (figures.length === 0) return null;
  return (
    <>
      <section aria-labelledby="figures">
        <h2 id="figures">Figures</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
        <section class="scroll figures" tabIndex={0} aria-labelledby="figures">
          <table>
            <thead>
              <tr>
                <th scope="col">benchmark</th>
                <th scope="col">figure</th>
                <th scope="col">median</th>
                <th scope="col">lowest to highest</th>
                <th scope="col">bound</th>
                <th scope="col">answer</th>
              </tr>
            </thead>
            <tbody>
              {figures.map((figure, index) => (
                <Line key={index} figure={figure} />
              ))}
            </tbody>
          </table>
        </section>
      </section>
      <section aria-labelledby="rounds">
        <h2 id="rounds">Round by round</h2>
        <p class="legend">○ a round ┃ the median ┊ the bound. The table says the same, in words.</p>
        {groupsOf(figures).map((group, index) => (
          <FigurePlot key={index} figures={group} />
        ))}
      </section>
    </>
  );
}

function Line({ figure }: { figure: Figure }) {
  const { benchmark, what, median, unit, met } = figure;
  const shade = met === null ? "" : met ? "held" : "broken";
  return (
    <tr>
      <td>
        <bdi>{benchmark}</bdi>
      </td>
      <th scope="row">
        <bdi>{what}</bdi>
      </th>
      <td class="number">{valueInWords(median, unit)}</td>
      <td class="number">{spreadInWords(figure)}</td>
      <td>{boundInWords(figure)}</td>
      <td class={`answer ${shade}`}>
        <span class="mark">
          {shade && <span aria-hidden="true">{MARKS[shade]}</span>} {answerInWords(figure)}
        </span>
      </td>
    </tr>
  );
}

/** Figures that can stand on one axis: of one benchmark and one unit, in order. */
function groupsOf(figures: readonly Figure[]): Figure[][] {
  const groups = new Map<string, Figure[]>();
  for (const figure of figures) {
    const key = `${figure.benchmark}\n${figure.unit}`;
    const group = groups.get(key) ?? [];
    group.push(figure);
    groups.set(key, group);
  }
  return [...groups.values()];
}
