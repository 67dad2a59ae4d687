/**
 * Entries of a device list. Pure.
 * @module
 */

/** The part of `MediaDeviceInfo` a list needs. */
export type Device = Pick<MediaDeviceInfo, 'deviceId' | 'label'>;

/** One entry of a device list. */
export interface DeviceOption {
  readonly id: string;
  /** Empty while the browser hides it. */
  readonly label: string;
  readonly selected: boolean;
}

/** The list to show: entries that can be chosen, exactly one of them selected. */
export function deviceOptions(
  devices: readonly Device[],
  currentId: string | undefined,
): readonly DeviceOption[] {
  const current = devices.find((device) => device.deviceId === currentId) ?? devices[0];
  return devices.map((device) => ({
    id: device.deviceId,
    label: cleanLabel(device.label),
    selected: device === current,
  }));
}

/** Chromium appends the USB vendor and product number, which tells people nothing. */
function cleanLabel(label: string): string {
  return label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/iu, '');
}
