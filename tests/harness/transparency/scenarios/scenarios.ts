import { bodies } from "./bodies.ts";
import { flood, recovering, settling } from "./consuming.ts";
import { gets } from "./gets.ts";
import { properties } from "./properties.ts";
import { cancellation, channelErrors, publishing } from "./refusals.ts";
import type { Scenario } from "./scenario.ts";

/** What any client does of its own accord, on one connection that it closes itself. */
export const scenarios: Scenario[] = [
  bodies,
  properties,
  gets,
  settling,
  flood,
  recovering,
  publishing,
  channelErrors,
  cancellation,
];
