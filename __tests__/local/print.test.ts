import { hopLine, hopTree } from '../../local/print';
import { simulatedClock } from '../../local/clock';
import { Timeline } from '../../local/timeline';

test('what an event holds cannot forge a line or steer the terminal', () => {
  const timeline = new Timeline(simulatedClock());
  const hostile = 'id=\u001b[2J\n08:00:00.000   forged\u0000\u009b1m';
  const id = timeline.record({ service: 'dynamodb', operation: 'PutItem', resource: 'table', summary: hostile });
  const [hop] = timeline.hops;
  for (const text of [hopLine(hop!), hopTree(timeline, id)]) {
    expect(text).not.toMatch(/[\p{Cc}]/u);
    expect(text).toContain(String.raw`id=\u001b[2J\u000a08:00:00.000   forged\u0000\u009b1m`);
  }
});
