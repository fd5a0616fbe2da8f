import type { Action } from './action';
import { advance } from './advance';
import { clear, fault } from './fault';
import { redrive } from './redrive';
import { replay } from './replay';
import { reset } from './reset';
import { schedule } from './schedule';
import { send } from './send';

/** Actions by the end of their path: `/api/send`. */
export const actions: Readonly<Record<string, Action>> = {
  send,
  fault,
  clear,
  redrive,
  replay,
  schedule,
  advance,
  reset,
};
