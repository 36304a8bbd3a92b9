/** The middle one of some figures, the upper one of two. NaN of none. */
export function median(figures: Float64Array): number {
  return figures.toSorted()[Math.floor(figures.length / 2)] ?? Number.NaN;
}
