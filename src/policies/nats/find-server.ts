/** Looks for the program `nats-server`. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where Debian puts it: not every user has these folders in PATH. */
const MORE = ['/usr/sbin', '/usr/local/sbin'];

export async function findServer(): Promise<string | null> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...MORE];
  for (const folder of folders) {
    const file = join(folder, process.platform === 'win32' ? 'nats-server.exe' : 'nats-server');
    if (await isProgram(file)) return file;
  }
  return null;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
