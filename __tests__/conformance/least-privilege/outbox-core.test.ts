import { nothingCanBeLeftOut } from './narrowings';
import { nobodyMayDoMore } from './widenings';

nothingCanBeLeftOut('outbox-core');
nobodyMayDoMore('outbox-core');
