/**
 * The media elements of a page: what a person gets to see and hear in the end. A connection may
 * receive sound that no element plays.
 * @module
 */
import type { TestPage } from '../browser/test-page.ts';

/** One `<audio>` or `<video>`. */
export interface PlayerReading {
  readonly paused: boolean;
  readonly muted: boolean;
  readonly readyState: number;
  readonly currentTime: number;
  /** 0 as long as there is no picture. */
  readonly videoWidth: number;
  readonly tracks: readonly {
    readonly kind: string;
    /** Comes from somebody else. */
    readonly isRemote: boolean;
    readonly enabled: boolean;
    readonly muted: boolean;
    readonly readyState: string;
  }[];
}

/** Every media element of the page, in document order. */
export async function readPlayers(page: TestPage): Promise<PlayerReading[]> {
  return page.evaluate(() => {
    const receivers = (window.rtcProbe?.connections ?? []).flatMap((each) => each.getReceivers());
    const received = new Set(receivers.map(({ track }) => track));
    const players = document.querySelectorAll<HTMLMediaElement>('audio, video');
    return Array.from(players, (player) => {
      const { paused, muted, readyState, currentTime, srcObject } = player;
      const tracks = srcObject instanceof MediaStream ? srcObject.getTracks() : [];
      return {
        paused,
        muted,
        readyState,
        currentTime,
        videoWidth: player instanceof HTMLVideoElement ? player.videoWidth : 0,
        tracks: tracks.map((track) => ({
          kind: track.kind,
          isRemote: received.has(track),
          enabled: track.enabled,
          muted: track.muted,
          readyState: track.readyState,
        })),
      };
    });
  }, undefined);
}

/** True when the element plays the sound of somebody else aloud, and has gone on since `before`. */
export function isAudible(player: PlayerReading, before: PlayerReading | undefined): boolean {
  return plays(player, 'audio') && !player.muted && hasGoneOn(player, before);
}

/** True when the element shows the picture of somebody else, and has gone on since `before`. */
export function isShown(player: PlayerReading, before: PlayerReading | undefined): boolean {
  return plays(player, 'video') && player.videoWidth > 0 && hasGoneOn(player, before);
}

function plays({ paused, tracks }: PlayerReading, wanted: 'audio' | 'video'): boolean {
  return (
    !paused &&
    tracks.some(({ kind, isRemote, readyState }) => {
      return kind === wanted && isRemote && readyState === 'live';
    })
  );
}

function hasGoneOn(player: PlayerReading, before: PlayerReading | undefined): boolean {
  return before !== undefined && player.currentTime > before.currentTime;
}
