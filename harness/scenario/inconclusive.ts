/** The experiment proved nothing: its witnesses contradict each other, or its fault never landed. */
export class Inconclusive extends Error {
  override name = "Inconclusive";
  readonly reasons: string[];

  constructor(reasons: string[]) {
    super(`inconclusive: ${reasons.join("; ")}`);
    this.reasons = reasons;
  }
}
