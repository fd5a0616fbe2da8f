import { nothingCanBeLeftOut } from './narrowings';
import { nobodyMayDoMore } from './widenings';

nothingCanBeLeftOut('notifications');
nobodyMayDoMore('notifications');
