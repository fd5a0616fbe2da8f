import { nothingCanBeLeftOut } from './narrowings';

nothingCanBeLeftOut('notifications');
