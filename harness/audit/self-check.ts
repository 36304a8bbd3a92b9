import type { SelfCheck } from "../report/audit-result.ts";
import type { Tried } from "./run-trial.ts";
import { WORKER } from "./stand.ts";
import { type Circumstances, reaches, type Trial } from "./trial.ts";

/** Tasks beside the planted one, which must come out as they should. */
const OTHERS = 4;

/** What an audit does to itself: a loss and a duplicate that it must see, and see nothing else. */
export interface Plant {
  planted: SelfCheck["planted"];
  trial: Trial;
  /** What came of it. */
  check(tried: Tried, circumstances: Circumstances): SelfCheck;
}

/** The link acks a task in the worker's name that has not reached it, and kills the worker. */
export function plantedLoss(): Plant {
  let task: string | undefined;
  return {
    planted: "loss",
    trial: {
      name: "self-check: a planted loss",
      fault: "early-ack",
      moment: "delivered",
      workers: 1,
      hindrance: ({ profile, sees }) => {
        if (!sees) return "effects are not observed, so nobody can see that one is missing";
        return profile.acks ? undefined : "the worker sends no acks, so none can be forged";
      },
      async course(stand) {
        await stand.start();
        const planted = stand.rig.faults.plantLoss(WORKER);
        [task] = await Promise.all([planted, stand.publish(1)]); // Alone, and so exactly this one.
        await stand.publish(OTHERS);
        await stand.start();
      },
    },
    check: ({ verdict, result }) => {
      const found = verdict?.fates.lost ?? [];
      return seen("loss", task, found, result.reasons);
    },
  };
}

/** The worker is killed when its effect is done and its ack is on the way: the task comes again. */
export function plantedDuplicate(): Plant {
  let task: string | undefined;
  return {
    planted: "duplicate",
    trial: {
      name: "self-check: a planted duplicate",
      fault: "worker-kill",
      moment: "ack-held",
      workers: 1,
      hindrance: (circumstances) =>
        circumstances.sees
          ? reaches("ack-held")(circumstances)
          : "effects are not observed, so nobody can see that one happened twice",
      async course(stand) {
        await stand.start();
        const planted = stand.rig.faults.plantDuplicate(WORKER);
        [task] = await Promise.all([planted, stand.publish(1)]); // Alone, and so exactly this one.
        await stand.publish(OTHERS);
        await stand.start();
      },
    },
    check: ({ verdict, result, events }, { isWitnessOurs }) => {
      const found = verdict?.fates.duplicated ?? [];
      if (found.length > 0 || task === undefined || result.reasons.length > 0) {
        return seen("duplicate", task, found, result.reasons);
      }
      const again = events.some(
        (event) => event.type === "delivered" && event.task === task && event.redelivered,
      );
      // Only where the witness is our own is one effect the worker's doing, or the sink's key's.
      if (again && isWitnessOurs) {
        const sentence = `${task} was delivered again after its effect, and done once: what is done twice here is done once.`;
        return { planted: "duplicate", outcome: "seen", sentence };
      }
      return seen("duplicate", task, found, result.reasons);
    },
  };
}

function seen(
  planted: SelfCheck["planted"],
  task: string | undefined,
  found: readonly string[],
  reasons: readonly string[],
): SelfCheck {
  if (task !== undefined && found.length === 1 && found[0] === task) {
    return {
      planted,
      outcome: "seen",
      sentence: `The ${planted} of ${task} was planted, and seen.`,
    };
  }
  const what =
    task === undefined ? `No ${planted} could be planted` : `The ${planted} of ${task} was planted`;
  const saw = found.length === 0 ? "none was seen" : `${found.join(", ")} was seen`;
  const why = reasons.length > 0 ? ` ${reasons.join(" ")}` : "";
  const sentence = `Self-check: ${what}, and ${saw}: this audit could miss a real one.${why}`;
  return { planted, outcome: "missed", sentence };
}
