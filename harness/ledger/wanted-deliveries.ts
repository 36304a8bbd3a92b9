import type { Event } from "../history/event.ts";
import { Consumers } from "./consumers.ts";
import type { Copy } from "./copy.ts";
import { Dispatch, type Reader, type Readings } from "./reading.ts";
import type { CopyListener } from "./ready.ts";
import { Want, type WantChange } from "./want.ts";

/** A queue, as of the changes that were applied. */
interface Place {
  /** How many tasks are ready in it. */
  ready: number;
  canTake: boolean;
  /** Somebody can take from it, and nobody can any more. */
  readonly opens: () => void;
  readonly shuts: () => void;
}

/** A copy became ready: that counts if it is taken one day, and then this is its queue. */
class Coming implements WantChange {
  readonly event: Event;
  decided = false;
  place: Place | null = null;
  /** It was counted: not if it seemed for too long that nobody would take it. */
  isCounted = false;
  readonly #places: WantedPlaces;

  constructor(event: Event, places: WantedPlaces) {
    this.event = event;
    this.#places = places;
  }

  apply(): void {
    if (this.place === null) return;
    this.isCounted = true;
    this.#places.come(this.place);
  }
}

/** It was taken. */
class Leaving implements WantChange {
  readonly event: Event;
  readonly decided = true;
  readonly #coming: Coming;
  readonly #places: WantedPlaces;

  constructor(event: Event, coming: Coming, places: WantedPlaces) {
    this.event = event;
    this.#coming = coming;
    this.#places = places;
  }

  apply(): void {
    const { place, isCounted } = this.#coming;
    if (place !== null && isCounted) this.#places.leave(place);
  }
}

/** The queues in which something is ready that somebody could take. */
class WantedPlaces {
  #count = 0;
  readonly #byName = new Map<string, Place>();

  get isAny(): boolean {
    return this.#count > 0;
  }

  named(name: string): Place {
    const known = this.#byName.get(name);
    if (known) return known;
    const place: Place = {
      ready: 0,
      canTake: false,
      opens: () => this.#set(place, true),
      shuts: () => this.#set(place, false),
    };
    this.#byName.set(name, place);
    return place;
  }

  come(place: Place): void {
    place.ready++;
    if (place.ready === 1 && place.canTake) this.#count++;
  }

  leave(place: Place): void {
    place.ready--;
    if (place.ready === 0 && place.canTake) this.#count--;
  }

  #set(place: Place, canTake: boolean): void {
    if (place.canTake === canTake) return;
    place.canTake = canTake;
    if (place.ready > 0) this.#count += canTake ? 1 : -1;
  }
}

/** Follows whether a delivery is wanted; see `Availabilities`. */
export class WantedDeliveries implements Reader, CopyListener {
  readonly want: Want;
  readonly #places = new WantedPlaces();
  #now: Event = { type: "broker-up", boot: "", version: "", seq: 0, at: 0 };
  readonly #consumers = new Consumers((queue, canTake) => {
    const { opens, shuts } = this.#places.named(queue);
    this.want.now(this.#now, canTake ? opens : shuts);
  });

  constructor() {
    this.want = new Want(() => this.#places.isAny);
  }

  readonly reads: Readings = {
    delivered: (event) => {
      if (event.dropped !== true) this.want.answers(event);
    },
  };

  readonly #dispatch = new Dispatch([...this.#consumers.readers, this]);

  ready(copy: Copy, event: Event): void {
    copy.change = new Coming(event, this.#places);
    this.want.push(copy.change);
  }

  taken(copy: Copy, queue: string, event: Event): void {
    const coming = copy.change as Coming;
    coming.place = this.#places.named(queue);
    this.want.decide(coming);
    this.want.push(new Leaving(event, coming, this.#places));
  }

  forgotten(copy: Copy): void {
    this.want.decide(copy.change as Coming);
  }

  see(event: Event): void {
    this.#now = event;
    this.#dispatch.send(event);
    this.want.advance();
  }
}
