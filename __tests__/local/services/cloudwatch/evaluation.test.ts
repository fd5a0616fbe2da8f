import { assert, array, constantFrom, integer, property, record } from 'fast-check';
import { type TreatMissingData, evaluate } from '../../../../local/services/cloudwatch/evaluation';

const settings = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const names = { O: 'OK', A: 'ALARM', I: 'INSUFFICIENT_DATA', K: undefined } as const;

/** Written as in the user guide: oldest first, X breaches, 0 does not, - is missing. */
function state(data: string, datapointsToAlarm: number, treatMissingData: TreatMissingData) {
  const periods = data
    .split('')
    .toReversed()
    .map((sign) => (sign === '-' ? undefined : sign === 'X'));
  return evaluate({ periods, evaluationPeriods: 3, datapointsToAlarm, treatMissingData });
}

describe("the user guide's tables", () => {
  test.each([
    ['0-X-X', 3, 'OOOO'],
    ['----0', 3, 'OOOO'],
    ['-----', 3, 'IKAO'],
    ['0XX-X', 3, 'AAAA'],
    ['--X--', 3, 'AKAO'],
    ['0-X-X', 2, 'AAAA'],
    ['00X0X', 2, 'AAAA'],
    ['0-X--', 2, 'OOAO'],
    ['----0', 2, 'OOAO'],
    ['---X-', 2, 'AKAO'],
  ])('%s, %d of 3', (data, datapointsToAlarm, expected) => {
    const wanted = expected.split('').map((sign) => names[sign as keyof typeof names]);
    expect(settings.map((setting) => state(data, datapointsToAlarm, setting))).toEqual(wanted);
  });
});

test('one breach that just came is not believed yet where three are needed', () => {
  expect(state('----X', 3, 'missing')).toBeUndefined();
});

test('enough real data decides alone, whatever missing data counts as', () => {
  assert(
    property(
      record({
        periods: array(constantFrom(true, false, undefined), { minLength: 5, maxLength: 5 }),
        datapointsToAlarm: integer({ min: 1, max: 3 }),
      }),
      (evaluation) => {
        const states = settings.map((treatMissingData) =>
          evaluate({ ...evaluation, evaluationPeriods: 3, treatMissingData }),
        );
        const real = evaluation.periods.filter((period) => period !== undefined);
        if (real.length < 3) return;
        const breaching = real.slice(0, 3).filter(Boolean).length;
        expect(new Set(states)).toEqual(new Set([breaching >= evaluation.datapointsToAlarm ? 'ALARM' : 'OK']));
      },
    ),
  );
});
