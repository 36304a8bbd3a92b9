import type { Effects } from "../options.ts";
import type { EffectSource } from "./effect-source.ts";
import { logEffects } from "./log-effects.ts";
import { probeEffects } from "./probe-effects.ts";
import { queueEffects } from "./queue-effects.ts";

/** The sink tells of each effect as it happens: nothing is left to collect. */
export const sinkEffects: EffectSource = {
  isLive: true,
  sees: true,
  gives: ["EFFECT_URL"],
  collect: async () => {},
};

/** Nobody looks. */
export const noEffects: EffectSource = {
  isLive: false,
  sees: false,
  gives: [],
  collect: async () => {},
};

export function effectSourceOf(effects: Effects): EffectSource {
  switch (effects.kind) {
    case "sink":
      return sinkEffects;
    case "log":
      return logEffects;
    case "probe":
      return probeEffects(effects.command);
    case "queue":
      return queueEffects(effects.queue);
    case "none":
      return noEffects;
  }
}
