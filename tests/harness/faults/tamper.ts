import type * as Evaluation from "../../../harness/broker/evaluate.ts";

let edit: ((expression: string) => string) | undefined;

/** The module as it is, but that a test can take the effect out of what it is to evaluate. */
export function tamperable(module: typeof Evaluation): typeof Evaluation {
  return {
    ...module,
    evaluate: (broker, expression) => module.evaluate(broker, edit?.(expression) ?? expression),
  };
}

/** Tries a fault whose expressions have something else in place of a part. */
export async function tampering<T>(part: string, instead: string, trial: () => Promise<T>) {
  let wasFound = false;
  edit = (expression) => {
    wasFound ||= expression.includes(part);
    return expression.replace(part, instead);
  };
  try {
    const outcome = await trial();
    if (!wasFound) throw new Error(`No expression had "${part}" in it: nothing was tampered with`);
    return outcome;
  } finally {
    edit = undefined;
  }
}
