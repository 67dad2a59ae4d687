/**
 * What nodes write into Redis, sealed with the secret that they share: AES-256-GCM under a key of its
 * own. So Redis, and who else can read or write it, learns no room, name or description, and cannot
 * speak for a node.
 * @module
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Nodes that speak another language do not understand each other. */
const PURPOSE = 'parley nodes 1';

/** Seals and opens. */
export class NodeSeal {
  readonly #keys: readonly Buffer[];

  /** @param secrets the first one seals, all of them open */
  constructor(secrets: readonly string[]) {
    this.#keys = secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, KEY_BYTES)),
    );
  }

  /** @param place where it is going to stand; it can be opened nowhere else */
  seal(text: string, place: string): Buffer {
    const [key] = this.#keys;
    if (key === undefined) throw new TypeError('There is no secret to seal with.');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** `undefined` for what nobody with one of our secrets has sealed for this place. */
  open(bytes: Buffer, place: string): string | undefined {
    for (const key of this.#keys) {
      const text = openWith(key, bytes, place);
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

function openWith(key: Buffer, bytes: Buffer, place: string): string | undefined {
  try {
    const tagEnd = IV_BYTES + TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(IV_BYTES, tagEnd));
    return decipher.update(bytes.subarray(tagEnd), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
