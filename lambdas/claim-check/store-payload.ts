import { claimed } from './claimed';
import { enrichment } from './enrichment';

/** Stores each message of a batch and lets its claim go on in its place. */
export const handler = enrichment('store-payload', 'Claimed', async (record, claims) => claimed(record, claims));
