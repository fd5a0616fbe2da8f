import { nothingCanBeLeftOut } from './narrowings';

nothingCanBeLeftOut('outbox-core');
