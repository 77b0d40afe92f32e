/** Jobs that print more than a pipe holds, and end in several ways. */
const LINE = 'x'.repeat(99);

function print(lines) {
  for (let i = 0; i < lines; i++) console.log(LINE);
  process.stdout.cork();
  process.stdout.write('corked\n');
  process.stdout.write('and last\n');
  process.stdout.uncork();
  process.stderr.write('beside\n');
}

export const returns = (_loop, lines) => print(lines);

export function throws(_loop, lines) {
  print(lines);
  throw new Error('after it has printed');
}

export function exits(_loop, lines) {
  print(lines);
  process.exit(3);
}

export function spins(_loop, lines) {
  print(lines);
  for (;;);
}
