// Uses up every file descriptor, then asks a loop for one more in each way, then frees one. The
// argument is a drive of uv, or `queue`. The limit needs a process of its own.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { queue, uv } from 'loopdyno';

const [, , what, role] = process.argv;
const self = fileURLToPath(import.meta.url);
if (role === 'limited') await limited();
else
  spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -n 60; exec "$0" "$1" "$2" limited', process.execPath, self, what],
    { stdio: 'inherit' },
  );

async function limited() {
  const loop = what === 'queue' ? await queue.open() : await uv.open({ drive: what });
  const lines = [];
  await loop.run(function* () {
    yield* loop.io.sleep(1); // whatever Node opens of its own, it has opened
    const held = [];
    try {
      for (;;) held.push(openSync('/dev/null'));
    } catch {
      // that was the last one
    }
    const { io } = loop;
    const ways = {
      readFile: () => io.readFile('/dev/null'),
      writeFile: () => io.writeFile('/dev/null', ''),
      connect: () => io.connect({ port: 1 }),
      listen: () => io.listen({ port: 0 }, () => {}),
    };
    for (const [name, ask] of Object.entries(ways)) {
      try {
        yield* ask();
        lines.push(`${name}: done`);
      } catch (error) {
        lines.push(`${name}: ${error.code} ${error.syscall}`);
      }
    }
    for (const fd of held) closeSync(fd);
    yield* io.readFile('/dev/null');
    lines.push('then: read');
  });
  await loop.close();
  console.log(lines.join('\n'));
}
