import type { Share, Split } from "../../shard.ts";
import { numberIn, recordIn, textIn, textsIn } from "../view/plain.ts";

/** What a saved run says of the part that it was; undefined where it was no shard. */
export function shareIn(value: unknown): Share | undefined {
  const { index, count, files, of } = recordIn(value);
  const [own, all] = [numberIn(index), numberIn(count)];
  if (own === undefined || all === undefined) return undefined;
  return { index: own, count: all, files: textsIn(files), of: splitIn(of) };
}

function splitIn(value: unknown): Split {
  const { ackproof, projects, titles, image, files } = recordIn(value);
  return {
    ackproof: textIn(ackproof) ?? "",
    projects: textsIn(projects),
    titles: textIn(titles) ?? "",
    image: textIn(image) ?? "",
    files: textsIn(files),
  };
}
