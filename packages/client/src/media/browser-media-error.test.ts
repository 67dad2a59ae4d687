import { describe, expect, it } from 'vitest';
import { domError } from '../testing/fake-media-devices.ts';
import { mediaError, mediaErrorFrom } from './browser-media-error.ts';

describe('mediaErrorFrom', () => {
  it.each([
    // Chromium
    ['NotAllowedError', 'Permission denied', 'ERR_MEDIA_DENIED_BY_BROWSER'],
    ['NotAllowedError', 'Permission dismissed', 'ERR_MEDIA_DENIED_BY_BROWSER'],
    ['NotAllowedError', 'Permission denied by system', 'ERR_MEDIA_DENIED_BY_SYSTEM'],
    ['NotFoundError', 'Requested device not found', 'ERR_MEDIA_NOT_FOUND'],
    ['NotReadableError', 'Could not start video source', 'ERR_MEDIA_IN_USE'],
    ['OverconstrainedError', '', 'ERR_MEDIA_OVERCONSTRAINED'],
    // Firefox
    [
      'NotAllowedError',
      'The request is not allowed by the user agent or the platform in the current context.',
      'ERR_MEDIA_DENIED_BY_BROWSER',
    ],
    ['NotFoundError', 'The object can not be found here.', 'ERR_MEDIA_NOT_FOUND'],
    ['NotReadableError', 'Failed to allocate videosource', 'ERR_MEDIA_IN_USE'],
    ['AbortError', 'Starting videoinput failed', 'ERR_MEDIA_IN_USE'],
    // Browsers of before 2018
    ['PermissionDeniedError', '', 'ERR_MEDIA_DENIED_BY_BROWSER'],
    ['DevicesNotFoundError', '', 'ERR_MEDIA_NOT_FOUND'],
    ['TrackStartError', '', 'ERR_MEDIA_IN_USE'],
    ['ConstraintNotSatisfiedError', '', 'ERR_MEDIA_OVERCONSTRAINED'],
    // Anything else
    ['TypeError', 'At least one of audio and video must be requested', 'ERR_MEDIA_UNKNOWN'],
  ])('%s "%s" is %s', (name, message, code) => {
    const cause = domError(name, message);
    const error = mediaErrorFrom(cause, 'camera');
    expect(error).toMatchObject({ name: 'MediaError', code, source: 'camera', cause });
  });

  it('reads objects that are not errors, as OverconstrainedError once was', () => {
    expect(mediaErrorFrom({ name: 'OverconstrainedError' }, 'camera').code).toBe(
      'ERR_MEDIA_OVERCONSTRAINED',
    );
    expect(mediaErrorFrom(undefined, 'camera').code).toBe('ERR_MEDIA_UNKNOWN');
  });

  it('keeps what is a MediaError already', () => {
    const error = mediaError('ERR_MEDIA_NOT_FOUND', 'camera');
    expect(mediaErrorFrom(error, 'camera')).toBe(error);
  });

  it('names the device and what to do', () => {
    expect(mediaError('ERR_MEDIA_NOT_FOUND', 'microphone').message).toBe(
      'There is no microphone. Connect one, then try again.',
    );
  });
});
