import { InvalidArgumentError, quote } from '../../loop/errors.js';

/** Memory that may be resized or given away would be gone as the kernel writes to it. */
export function checkTarget(buffer: unknown): void {
  const instead = 'pass new Uint8Array(65536), or a part of one';
  if (!(buffer instanceof Uint8Array)) {
    throw new InvalidArgumentError(
      `readInto() takes a Uint8Array, but got ${quote(buffer)}: ${instead}`,
    );
  }
  const memory = buffer.buffer as ArrayBufferLike & { resizable?: boolean; growable?: boolean };
  if (memory.resizable === true || memory.growable === true) {
    throw new InvalidArgumentError(
      `readInto() takes memory of a fixed size, but got a resizable one: ${instead}`,
    );
  }
  if (buffer.byteLength > 0) return;
  const gone = memory.byteLength === 0 && isDetached(memory);
  throw new InvalidArgumentError(
    gone
      ? `readInto() takes memory that is yours, but got a buffer that was transferred: ${instead}`
      : `readInto() takes room for a byte at least, but got an empty buffer: ${instead}`,
  );
}

/** Node 20 has no `detached`. A view of what is gone cannot be made. */
function isDetached(memory: ArrayBufferLike): boolean {
  try {
    return new Uint8Array(memory).byteLength !== memory.byteLength;
  } catch {
    return true;
  }
}
