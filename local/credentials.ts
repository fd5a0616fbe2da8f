import type { Principal } from './principal';
import type { Random } from './random';

/** Whom an access key id stands for right now. */
export interface CredentialHolder {
  readonly principal: Principal;
  /** Hops that cause what the holder does: the invocation under way, none between invocations. */
  readonly parents: readonly number[];
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The access keys that the runtime gave out: one for each sandbox of a function. */
export class Credentials {
  private readonly holders = new Map<string, { principal: Principal; parents: () => readonly number[] }>();

  constructor(private readonly random: Random) {}

  /**
   * Gives out an access key id.
   *
   * @param parents asked at each call that is made with the key
   * @returns a temporary one: `ASIA` and 16 letters or digits
   */
  issue(principal: Principal, parents: () => readonly number[]): string {
    const id = `ASIA${Array.from({ length: 16 }, () => base32[this.random.integer(32)]).join('')}`;
    this.holders.set(id, { principal, parents });
    return id;
  }

  /** Makes the key worthless: a call with it that is still on its way has no effect. */
  revoke(id: string): void {
    this.holders.delete(id);
  }

  /** The holder of an access key id; undefined for one that was never given out or is revoked. */
  find(id: string): CredentialHolder | undefined {
    const holder = this.holders.get(id);
    return holder && { principal: holder.principal, parents: holder.parents() };
  }
}
