/** How a step of the setup tells the user what it does, one plain line at a time. */
export interface Progression {
  say: (line: string) => void;
  signal: AbortSignal;
}
