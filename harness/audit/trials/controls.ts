import type { Trial } from "../trial.ts";

/** Nothing happens: what is wrong here is wrong without any fault. */
export const control: Trial = {
  name: "control",
  fault: "none",
  moment: "now",
  workers: 1,
  quick: true,
  async course(stand) {
    await stand.work();
    await stand.publish();
  },
};

export const controlWithPeers: Trial = {
  name: "control, with peers",
  fault: "none",
  moment: "now",
  workers: 2,
  async course(stand) {
    await stand.work(stand.options.workers);
    await stand.publish();
  },
};
