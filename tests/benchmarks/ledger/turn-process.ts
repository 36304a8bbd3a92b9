/**
 * A process of its own for each turn, so that none finds what another has left in the heap. It is
 * given the naming and the number of events, warms up, and writes what it measured as JSON.
 */
import { say } from "../../../harness/cli/say.ts";
import { type NamingName, takeTurn } from "./turn.ts";

/** Events after which nothing gets faster any more. */
const WARM_UP = 500_000;

/** Events after which they are as fast again, where all of it has been compiled before. */
const AGAIN = 200_000;

const [naming, events] = process.argv.slice(2);
takeTurn(naming as NamingName, WARM_UP);
const { pieces: _, ...turn } = takeTurn(naming as NamingName, Number(events), AGAIN);
say(JSON.stringify(turn));
