/** What a submitting loop and its courier, the thread with the connection, tell each other. */
import type { NatsServers } from './connect.js';
import type { QueueOptions } from './queue.js';

export interface CourierSetup {
  readonly servers: NatsServers;
  readonly queue: string;
  readonly submitter: string;
  readonly options: QueueOptions;
}

export const Send = 0;
export const Cancel = 1;
export const Close = 2;

export type ToCourier =
  | readonly [type: typeof Send, message: string, bytes: Uint8Array]
  | readonly [type: typeof Cancel, bytes: Uint8Array]
  | readonly [type: typeof Close];

export const Ready = 0;
export const Answered = 1;
export const Noted = 2;
export const Unsent = 3;
export const Slots = 4;
export const Reconnected = 5;
export const Trouble = 6;
export const Refused = 7;

export type FromCourier =
  | readonly [type: typeof Ready, maxBytes: number]
  | readonly [type: typeof Answered, bytes: Uint8Array]
  | readonly [type: typeof Noted, bytes: Uint8Array]
  /** The server would not store that message. */
  | readonly [type: typeof Unsent, message: string, why: string]
  /** How many jobs the agents that are known can run at the same time. */
  | readonly [type: typeof Slots, slots: number]
  | readonly [type: typeof Reconnected]
  /** There is no connection: said in the place of Ready. */
  | readonly [type: typeof Refused, why: string]
  /** Something that nobody asked for, for the loop's `onError`. */
  | readonly [type: typeof Trouble, why: string];
