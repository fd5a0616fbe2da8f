import { nothingCanBeLeftOut } from './narrowings';

nothingCanBeLeftOut('claim-check');
