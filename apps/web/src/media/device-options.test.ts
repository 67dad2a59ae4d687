import { describe, expect, it } from 'vitest';
import { deviceOptions } from './device-options.ts';

const built = { deviceId: 'a', label: 'Built-in' };
const desk = { deviceId: 'b', label: 'Desk camera (046d:0825)' };

describe('deviceOptions', () => {
  it('selects the device in use', () => {
    const options = deviceOptions([built, desk], 'b');
    expect(options.filter((option) => option.selected).map((option) => option.id)).toEqual(['b']);
  });

  it('selects the first one when the device in use is unknown or gone', () => {
    expect(deviceOptions([built, desk], undefined)[0]?.selected).toBe(true);
    expect(deviceOptions([built, desk], 'gone')[0]?.selected).toBe(true);
  });

  it('hides the numbers of the maker', () => {
    expect(deviceOptions([desk], 'b')[0]?.label).toBe('Desk camera');
    expect(deviceOptions([{ deviceId: 'c', label: 'Cam (front)' }], 'c')[0]?.label).toBe(
      'Cam (front)',
    );
  });

  it('has nothing to select in an empty list', () => {
    expect(deviceOptions([], 'a')).toEqual([]);
  });
});
