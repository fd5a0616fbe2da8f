import { enrichment } from './enrichment';
import { retrieved } from './retrieved';

/** Puts in place of each claim of a batch the message that it stands for, or where that lies. */
export const handler = enrichment('retrieve-payload', 'Retrieved', retrieved);
