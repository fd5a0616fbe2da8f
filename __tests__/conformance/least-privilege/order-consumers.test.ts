import { nothingCanBeLeftOut } from './narrowings';
import { nobodyMayDoMore } from './widenings';

nothingCanBeLeftOut('order-consumers');
nobodyMayDoMore('order-consumers');
