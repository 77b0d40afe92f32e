/** The ArrayBuffers of a result, for moving them between threads. */

/** The buffer of the value, or those of its fields or elements; what lies deeper is copied. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  if (!collect(value, found) && typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) collect(part, found);
  }
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): boolean {
  const buffer: unknown = ArrayBuffer.isView(value) ? value.buffer : value;
  if (!(buffer instanceof ArrayBuffer)) return ArrayBuffer.isView(value);
  // A small Buffer is a window on Node's shared slab, which cannot be moved.
  if (buffer.byteLength === (value as ArrayBuffer | ArrayBufferView).byteLength) found.add(buffer);
  return true;
}
