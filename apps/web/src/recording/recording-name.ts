/**
 * The name of a recorded file: the room, the day and the hour, so that files sort by time. Pure.
 * @module
 */

/** What no file system takes, and what would hide the file. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\\/:*?"<>|]+/gu;
const MAX_ROOM = 60;

/** A name for a file of this type (`video/webm;...`). */
export function recordingName(room: string, at: Date, type: string): string {
  const place = room
    .replaceAll(FORBIDDEN, ' ')
    .replace(/^[\s.]+/u, '')
    .slice(0, MAX_ROOM)
    .trim();
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}.${two(at.getMinutes())}`;
  const ending = type.startsWith('video/mp4') ? 'mp4' : 'webm';
  return `${[place, day, time].filter(Boolean).join(' ')}.${ending}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
