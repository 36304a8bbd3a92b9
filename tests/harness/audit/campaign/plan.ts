import { correct, type ExpectedSubject, mutants } from "../../../../fixtures/subjects/expected.ts";
import type { Options } from "./options.ts";

/** How much of an audit it is: the whole, the quick one, or the trials that show one fault. */
export type Extent = "full" | "quick" | "shown";

/** One audit of a subject, and all that it has to find. */
export interface Attempt {
  subject: ExpectedSubject;
  extent: Extent;
  /** From 1. */
  run: number;
  /** In the order of their names. */
  expected: readonly string[];
}

type Wanted = Pick<Options, "runs" | "only" | "quick" | "full">;

/** Every subject's first audit, then every subject's second one: there is something of each early. */
export function planOf({ runs, only, quick, full }: Wanted): Attempt[] {
  const wanted = ({ name }: ExpectedSubject) => name.includes(only);
  const once: Omit<Attempt, "run">[] = [
    ...correct
      .filter(wanted)
      .flatMap((subject) => [
        { subject, extent: "full" as const, expected: [] },
        ...(quick ? [{ subject, extent: "quick" as const, expected: [] }] : []),
      ]),
    ...mutants.filter(wanted).map((subject) => ({
      subject,
      extent: full ? ("full" as const) : ("shown" as const),
      expected: (full ? subject.inFull : subject.convictions).toSorted(),
    })),
  ];
  const numbers = Array.from({ length: runs }, (_, index) => index + 1);
  return numbers.flatMap((run) => once.map((one) => ({ ...one, run })));
}

/** The arguments of the audit, after its name. */
export function argumentsOf({ subject, extent }: Attempt, json: string): string[] {
  const { definitions, shownBy, command } = subject;
  return [
    ...["--json", json],
    ...(definitions === undefined ? [] : ["--definitions", definitions]),
    ...(extent === "quick" ? ["--quick"] : []),
    ...(extent === "shown" ? ["--only", shownBy] : []),
    ...["--", ...command],
  ];
}
