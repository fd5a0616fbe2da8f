import { nothingCanBeLeftOut } from './narrowings';
import { nobodyMayDoMore } from './widenings';

nothingCanBeLeftOut('user-events');
nobodyMayDoMore('user-events');
