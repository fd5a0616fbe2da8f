import { nothingCanBeLeftOut } from './narrowings';
import { nobodyMayDoMore } from './widenings';

nothingCanBeLeftOut('state-backend');
nobodyMayDoMore('state-backend');
