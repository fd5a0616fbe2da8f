import { nothingCanBeLeftOut } from './narrowings';

nothingCanBeLeftOut('order-consumers');
