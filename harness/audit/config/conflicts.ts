import type { Values } from "./setting.ts";

/** Settings that make no sense together, a sentence each. */
export function conflictsIn(values: Partial<Values>): string[] {
  const { effects, queue, exchange, routingKey } = values;
  const problems: string[] = [];
  if (effects?.kind === "queue" && effects.queue === queue) {
    problems.push(
      `Effects are looked for in the queue ${queue}, which tasks are in: name the queue that the ` +
        "worker publishes to.",
    );
  }
  if (exchange === "" && routingKey !== undefined && routingKey !== queue) {
    problems.push(
      `The routing key ${JSON.stringify(routingKey)} needs an exchange: the default exchange ` +
        `brings tasks to a queue by its name, which is ${queue}.`,
    );
  }
  return [...problems, ...sharedFiles(values)];
}

function sharedFiles({ json, junit, markdown }: Partial<Values>): string[] {
  const outputs = { JSON: json, "JUnit XML": junit, Markdown: markdown };
  const files = new Set(Object.values(outputs).filter((file) => file !== undefined));
  return [...files].flatMap((file) => {
    const forms = Object.entries(outputs).filter(([, other]) => other === file);
    const names = forms.map(([name]) => name).join(" and ");
    return forms.length > 1 ? [`The result can't be ${names} in the same file, ${file}.`] : [];
  });
}
