import type { Channel } from "./channel.ts";
import { type Course, isSameCourse } from "./course.ts";
import { NumberedIds } from "./numbered-ids.ts";
import { OtherIds } from "./other-ids.ts";

/** The tasks that are done without a hitch: of each no more than its id, and the course it took. */
export class Finished {
  readonly #numbered = new NumberedIds();
  readonly #others = new OtherIds();
  /** A course is named by its place here, counted from 1. */
  readonly #courses: Course[] = [];
  /** Places of the courses that ended on a channel. */
  readonly #byChannel = new Map<Channel, number[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: string): boolean {
    return this.#placeOf(id) > 0;
  }

  /** @returns false for an id that can't be kept so: it is too long. */
  add(id: string, course: Course): boolean {
    const place = this.#named(course);
    if (!this.#numbered.set(id, place) && !this.#others.set(id, place)) return false;
    this.#size++;
    return true;
  }

  /** Takes a task out again, to which something happens after all. */
  take(id: string): Course | null {
    if (this.#size === 0) return null;
    const place = this.#placeOf(id);
    if (place === 0) return null;
    if (this.#numbered.get(id) > 0) this.#numbered.set(id, 0);
    else this.#others.set(id, 0);
    this.#size--;
    return this.#courses[place - 1] as Course;
  }

  #placeOf(id: string): number {
    return this.#numbered.get(id) || this.#others.get(id);
  }

  #named(course: Course): number {
    const places = this.#byChannel.get(course.channel) ?? [];
    for (const place of places) {
      if (isSameCourse(this.#courses[place - 1] as Course, course)) return place;
    }
    const place = this.#courses.push(course);
    places.push(place);
    this.#byChannel.set(course.channel, places);
    return place;
  }
}
