/** The files of docs/scale: they parse, their commands are commands, and the script works end to end with an `ssh` of ours. */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseResults } from '#dist/src/documents/parse-results.js';
import { loopdyno, type Finished } from '../e2e/command.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const shortRounds = new URL('../e2e/short-rounds.mjs', import.meta.url).href;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-docs-scale-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function textOf(name: string): Promise<string> {
  return readFile(join(docs, name), 'utf8');
}

/** Every `npx loopdyno …` of a text, as its words, without what the shell redirects. */
function commandsOf(text: string): string[][] {
  return [...text.matchAll(/npx loopdyno ((?:run|merge) [^\n]*)/g)].map(([, line = '']) =>
    line
      .replace(/\s+(?:#|>).*$/, '')
      .replaceAll('${{ matrix.shard }}', '2')
      .split(' '),
  );
}

/** As the shell of a pod would have it. */
async function accepted(words: readonly string[]): Promise<void> {
  const { code, stderr } = await loopdyno(
    words[0] === 'run' ? [...words, '--dry-run'] : words,
    folder,
    { JOB_COMPLETION_INDEX: '4' },
  );
  if (words[0] === 'run') return expect(code, stderr).toBe(0);
  // Its files are not there: that is the only fault that it has.
  expect(stderr).toMatch(/^loopdyno: cannot read '[^']*': there is no such file/);
}

interface Step {
  run?: string;
  uses?: string;
  with?: Record<string, string | boolean>;
}

describe('docs/scale/github-matrix.yml', () => {
  it('measures as many shards as its matrix has, and merges what they upload', async () => {
    const text = await textOf('scale/github-matrix.yml');
    const { jobs } = parse(text) as {
      jobs: Record<
        'shard' | 'merge',
        { steps: Step[]; needs?: string; strategy?: { matrix: { shard: number[] } } }
      >;
    };
    const shards = jobs.shard.strategy?.matrix.shard ?? [];
    expect(shards).toEqual(shards.map((_, at) => at + 1));
    const runs = jobs.shard.steps
      .map(({ run = '' }) => run)
      .filter((run) => run.includes('loopdyno'));
    expect(runs).toHaveLength(1);
    expect(runs[0]).toContain(`--shard \${{ matrix.shard }}/${shards.length} `);
    expect(jobs.merge.needs).toBe('shard');
    const withOf = (steps: readonly Step[], action: string): Step['with'] =>
      steps.find(({ uses }) => uses?.startsWith(`actions/${action}@`))?.with;
    const up = withOf(jobs.shard.steps, 'upload-artifact');
    const down = withOf(jobs.merge.steps, 'download-artifact');
    const file = String(up?.['path']).split('/').at(-1);
    expect(runs[0]).toContain(`> "$RUNNER_TEMP/${file}"`);
    expect(String(up?.['name'])).toMatch(
      new RegExp(`^${String(down?.['pattern']).replace('*', '.*')}$`),
    );
    expect(
      jobs.merge.steps.some(({ run }) => run?.includes(`merge ${String(down?.['path'])}/shard-*`)),
    ).toBe(true);
  });
});

interface Job {
  kind: string;
  spec: {
    completionMode: string;
    completions: number;
    parallelism: number;
    template: {
      spec: {
        containers: [
          { image: string; args: string[]; resources: Record<'requests' | 'limits', unknown> },
        ];
        volumes: [{ persistentVolumeClaim: { claimName: string } }];
      };
    };
  };
}

describe('docs/scale/kubernetes.yaml', () => {
  it('is an indexed Job that says how many shards there are', async () => {
    const documents = parseAllDocuments(await textOf('scale/kubernetes.yaml'));
    const [claim, job] = documents.map((document) => document.toJS() as unknown) as [
      { kind: string; metadata: { name: string } },
      Job,
    ];
    expect([claim.kind, job.kind]).toEqual(['PersistentVolumeClaim', 'Job']);
    const { completionMode, completions, parallelism, template } = job.spec;
    expect([completionMode, parallelism]).toEqual(['Indexed', completions]);
    const [container] = template.spec.containers;
    expect(container.args[0]).toContain(`--shard auto/${completions} `);
    expect(container.resources.requests).toEqual(container.resources.limits);
    expect(template.spec.volumes[0].persistentVolumeClaim.claimName).toBe(claim.metadata.name);
    const { spec } = parse(await textOf('scale/kubernetes-merge.yaml')) as Job;
    expect(spec.template.spec.volumes).toEqual(template.spec.volumes);
    expect(spec.template.spec.containers[0].image).toBe(container.image);
  });
});

describe('the commands of docs/scale', () => {
  it('are commands that the command line accepts', { timeout: 60_000 }, async () => {
    const page = await textOf('scale.md');
    const section = page.slice(page.indexOf('## The matrix over many hosts'));
    const [own = ''] = section.split(/^## (?!The matrix)/m);
    const files = (await readdir(join(docs, 'scale'))).filter((name) => name.endsWith('ml'));
    const texts = [own, ...(await Promise.all(files.map((name) => textOf(`scale/${name}`))))];
    const commands = texts.flatMap(commandsOf);
    expect(commands.length).toBeGreaterThanOrEqual(6);
    for (const words of commands) await accepted(words);
  });
});

describe('docs/scale/ssh.sh', () => {
  const script = join(docs, 'scale/ssh.sh');
  const short = ['--rounds', '2', '--workload', 'primes,json', '--policy', 'microtask,queue'];

  /** An `ssh` that runs in a folder of the host's name, and an `npx` that is this very build. */
  beforeAll(async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    for (const host of ['one', 'two'])
      await mkdir(join(folder, host, 'my project'), { recursive: true });
    const programs = {
      ssh: `[ "$1" = -n ] || exit 64\n[ "$2" != gone ] || { echo "no route to gone" >&2; exit 255; }\ncd "${folder}/$2" && exec sh -c "$3"`,
      npx: `[ "$1" = loopdyno ] || exit 64\nshift\nexec "${process.execPath}" --import "${shortRounds}" "${main}" "$@"`,
    };
    for (const [name, text] of Object.entries(programs)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
      await chmod(join(bin, name), 0o755);
    }
    await cp(script, join(folder, 'ssh.sh'));
  });

  function ssh(...args: string[]): Promise<Finished> {
    const env = {
      ...process.env,
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
      LOOPDYNO_FOLDER: 'my project',
      TMPDIR: folder,
      NO_COLOR: '1',
    };
    return new Promise((resolve) => {
      execFile('bash', ['ssh.sh', ...args], { cwd: folder, env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  async function latest() {
    const file = join(folder, 'results/latest/results.json');
    return parseResults(await readFile(file, 'utf8'), file);
  }

  it('measures a share on each host, and merges them here', { timeout: 90_000 }, async () => {
    const { code, stdout, stderr } = await ssh('one', 'two', '--', ...short);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('2 runs, taken for as many hosts');
    const { cells, merged } = await latest();
    expect(merged?.runs.map(({ shard }) => shard)).toEqual([
      { index: 1, of: 2 },
      { index: 2, of: 2 },
    ]);
    expect(cells.map(({ workload, rounds }) => [workload, rounds.length])).toEqual([
      ['primes', 2],
      ['primes', 2],
      ['json', 2],
      ['json', 2],
    ]);
  });

  it('measures the same on each host with --same, for a mean', { timeout: 90_000 }, async () => {
    const { code, stdout, stderr } = await ssh('--same', 'one', 'two', '--', ...short);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('hosts differ by');
    const { cells } = await latest();
    expect(cells.map(({ hosts }) => hosts?.each.length)).toEqual([2, 2, 2, 2]);
  });

  it(
    'says which host could not be reached, and where the others are',
    { timeout: 90_000 },
    async () => {
      const { code, stderr } = await ssh('one', 'gone', '--', ...short);
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /^gone ended with status 255:\nno route to gone\nWhat the others measured lies in /,
      );
    },
  );

  it('asks for a host', async () => {
    expect(await ssh()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('at least one host'),
    });
  });
});
