import { nothingCanBeLeftOut } from './narrowings';

nothingCanBeLeftOut('state-backend');
