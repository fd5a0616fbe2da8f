import { nothingCanBeLeftOut } from './narrowings';

nothingCanBeLeftOut('user-events');
