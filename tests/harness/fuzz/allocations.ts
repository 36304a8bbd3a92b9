/** Notes every Buffer that is allocated while some work is done. */
export interface Allocations {
  /** Bytes of the largest one, and of all together. */
  largest: number;
  total: number;
}

type Allocator = "alloc" | "allocUnsafe" | "allocUnsafeSlow";

const ALLOCATORS: readonly Allocator[] = ["alloc", "allocUnsafe", "allocUnsafeSlow"];

/** `Buffer.concat` and `Buffer.from` come to `allocUnsafe` inside Node, unseen: don't use them. */
export function allocationsOf(work: () => void): Allocations {
  const noted: Allocations = { largest: 0, total: 0 };
  const originals = ALLOCATORS.map((name) => [name, Buffer[name]] as const);
  for (const [name, original] of originals) {
    Buffer[name] = (size: number, ...rest: never[]) => {
      noted.largest = Math.max(noted.largest, size);
      noted.total += size;
      return original(size, ...rest);
    };
  }
  try {
    work();
  } finally {
    for (const [name, original] of originals) Buffer[name] = original;
  }
  return noted;
}
