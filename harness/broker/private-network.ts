import { getContainerRuntimeClient } from "testcontainers";
import { OWNER_LABEL } from "../reaper/reaper.ts";

/** A network of the engine that leads nowhere: only the containers on it reach each other. */
export class PrivateNetwork {
  readonly id: string;

  private constructor(id: string) {
    this.id = id;
  }

  static async create({ name, owner }: { name: string; owner: string }): Promise<PrivateNetwork> {
    const { dockerode } = (await getContainerRuntimeClient()).container;
    const labels = { [OWNER_LABEL]: owner };
    const { id } = await dockerode.createNetwork({ Name: name, Internal: true, Labels: labels });
    return new PrivateNetwork(id);
  }

  /** @param alias what the others call it. */
  async connect(container: string, alias: string): Promise<void> {
    const network = await this.#handle();
    await network.connect({ Container: container, EndpointConfig: { Aliases: [alias] } });
  }

  async disconnect(container: string): Promise<void> {
    const network = await this.#handle();
    await network.disconnect({ Container: container });
  }

  /** Removes it. Nothing may be connected any more. */
  async remove(): Promise<void> {
    const network = await this.#handle();
    await network.remove();
  }

  async #handle() {
    const { dockerode } = (await getContainerRuntimeClient()).container;
    return dockerode.getNetwork(this.id);
  }
}
